"""A named file that no reader makes anything of: one memory, its text as it is."""

from __future__ import annotations

from pathlib import PurePosixPath

from memcli.core.sources.passage_text import first_sentence, short_title
from memcli.core.sources.passages import EPOCH, Filing, Passage, known_anchors, memory_of
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_tree import SourceTree

MOST_CHARACTERS = 4_000
"""A longer text says more than one thing."""


def read_plain_note(tree: SourceTree, unit: SourceUnit) -> Reading:
    """One memory for each file. Raises UnreadableSource."""
    readings = [_note(tree, path) for path in unit.paths]
    extracts = tuple(extract for reading in readings for extract in reading.extracts)
    return Reading(extracts, tuple(skipped for reading in readings for skipped in reading.skipped))


def _note(tree: SourceTree, path: str) -> Reading:
    text = tree.text(path).strip()
    if not text:
        return Reading(skipped=(Skipped(path, "empty"),))
    if len(text) > MOST_CHARACTERS:
        reason = "too long for one memory, and no reader finds parts in it: 'mem add' takes what it says in a few lines"
        return Reading(skipped=(Skipped(path, reason),))
    file = PurePosixPath(path)
    title = short_title(first_sentence(text)) or file.stem
    filing = Filing(title, "fact", file.parent.name, paths=known_anchors(text, tree.paths))
    return Reading(extracts_of([memory_of(Passage(f"{path}#L1", text, EPOCH), filing)]))


READER = SourceReader("files", "files that were named", lambda *_: iter(()), read_plain_note)
"""Reads what no reader of the registry takes; in no registry, since it would take everything."""
