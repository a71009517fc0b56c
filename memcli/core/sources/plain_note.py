"""A named file that no reader makes anything of: one memory, its text as it is."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import count_words, short_title
from memcli.core.sources.passages import EPOCH, Filing, Passage, known_anchors, memory_of
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.titles import passage_title

MOST_CHARACTERS = 4_000
"""A longer text says more than one thing."""
_PROSE = frozenset((".md", ".markdown", ".mdx", ".mdc", ".txt", ".text", ".rst", ".adoc", ".asciidoc", ".org", ""))


def is_prose(path: str) -> bool:
    """Whether a file's name is that of a text for people."""
    return PurePosixPath(path).suffix.lower() in _PROSE


def read_plain_note(tree: SourceTree, unit: SourceUnit) -> Reading:
    """One memory of the file of a unit. Raises UnreadableSource."""
    (path,) = unit.paths
    if not is_prose(path):
        return Reading(skipped=(Skipped(path, f"no reader takes {PurePosixPath(path).suffix} files"),))
    document = parse_leniently(tree.text(path))
    text = document.body.strip("\n")
    if not count_words(text):
        return Reading(skipped=(Skipped(path, "empty" if not text.strip() else "it has no words"),))
    if len(text) > MOST_CHARACTERS:
        reason = "too long for one memory, and no reader finds parts in it"
        return Reading(skipped=(Skipped(path, reason),))
    file = PurePosixPath(path)
    heading = re.match(r"#{1,6} +(.+)", text)
    title = document.get("title") or passage_title(text, [heading[1]] if heading else []) or file.stem
    filing = Filing(short_title(title), "fact", file.parent.name, paths=known_anchors(text, tree.paths))
    passage = Passage(f"{path}#L{document.line}", text, EPOCH)
    return Reading(extracts_of([memory_of(passage, filing)]))


READER = SourceReader("files", "files that were named", lambda *_: iter(()), read_plain_note)
"""Reads what no reader of the registry takes; in no registry, since it would take everything."""
