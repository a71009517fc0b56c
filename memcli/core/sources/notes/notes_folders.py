"""Folders of notes: one memory for each note, with its links to other notes, its tags and its other names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from memcli.core.memory.defaults import kind_of_type
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.notes.folder_note import FolderNote
from memcli.core.sources.notes.note_reasons import reason_to_skip
from memcli.core.sources.notes.notes_rule import (
    LONGEST_NOTE,
    below,
    is_board,
    is_note_file,
    is_notes_repository,
    named_notes,
    vault_roots,
)
from memcli.core.sources.passage_text import short_title
from memcli.core.sources.passages import EPOCH, Filing, Passage, known_anchors, memory_of
from memcli.core.sources.sections import line_of, piece_title, split_to_fit
from memcli.core.sources.source_reader import Extract, Reading, Skipped, SourceReader, SourceUnit
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.note_links import ids_by_name, with_note_links


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    free = [path for path in tree.ordered if path not in taken and is_note_file(path)]
    for root in vault_roots(tree):
        if paths := below(free, root):
            yield SourceUnit(root or ".", (*paths, *filter(is_board, below(tree.ordered, root))))
            of_vault = frozenset(paths)
            free = [path for path in free if path not in of_vault]
    if is_notes_repository(tree, free):
        yield SourceUnit(".", tuple(free))
    elif plain := [path for path in named_notes(tree, free) if is_plain_note(tree.peek(path), path)]:
        yield SourceUnit(posixpath.commonpath(plain), tuple(plain))


def is_plain_note(text: str, path: str) -> bool:
    """Whether a file outside of a folder of notes says one thing: it is short and has no sections."""
    if path.lower().endswith((".txt", ".org")):
        return True
    sections = len(re.findall(r"(?m)^#{1,4}[ \t]\S|^={2,4}[ \t]\S|^[=~^-]{4,}[ \t]*$", text))
    return len(text) <= LONGEST_NOTE and sections <= 1


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    has_tags = any("/.obsidian/" in f"/{path}" for path in tree.paths)
    paths = [path for path in unit.paths if not is_board(path)]
    notes = [FolderNote(path, parse_leniently(tree.text(path)), has_tags) for path in paths]
    boards = (Skipped(path, "a drawing or a board") for path in unit.paths if is_board(path))
    reading = notes_reading(notes, unit.root, tree.paths)
    return replace(reading, skipped=(*reading.skipped, *boards))


def notes_reading(notes: Sequence[FolderNote], root: str, known_paths: Collection[str] = ()) -> Reading:
    """What is made of the notes below a directory; their links lead to each other's memories."""
    reasons = {note.path: reason_to_skip(note) for note in notes}
    kept = [note for note in notes if not reasons[note.path]]
    code = frozenset(known_paths).difference(reasons)
    extracts = {note.path: tuple(_extracts(note, code)) for note in kept}
    ids = ids_by_name(
        (extracts[note.path][0].memory.id, note.stem, (*note.aliases, note.title, _place(note.path, root)))
        for note in kept
    )
    linked = (_linked(extract, ids) for note in kept for extract in extracts[note.path])
    skipped = (Skipped(path, reason) for path, reason in reasons.items() if reason)
    return Reading(tuple(linked), tuple(skipped))


def _linked(extract: Extract, ids: dict[str, str]) -> Extract:
    body = with_note_links(extract.memory.body, ids)
    return replace(extract, memory=replace(extract.memory, body=body)) if body != extract.memory.body else extract


def _place(path: str, root: str) -> str:
    """The path below the root without its suffix, as links have it."""
    return posixpath.splitext(path.removeprefix(f"{root}/"))[0]


def _extracts(note: FolderNote, known_paths: Collection[str]) -> Iterator[Extract]:
    """A note as one memory, or as several where it is larger than a memory may be."""
    topic = posixpath.basename(posixpath.dirname(note.path)) or "notes"
    stated = note.created or note.modified
    for number, piece in enumerate(split_to_fit(note.text)):
        filing = Filing(
            short_title(piece_title(note.title, number)),
            note.type,
            topic,
            kind=kind_of_type(note.type),
            modified=note.modified,
            tags=note.tags,
            paths=known_anchors(piece, known_paths),
        )
        line = note.document.line + (line_of(note.document.body, piece) - 1 if number else 0)
        passage = Passage(f"{note.path}#L{line}", piece, stated or EPOCH)
        yield Extract(memory_of(passage, filing), note.path, line, stated is not None, note.is_diary)


READER = SourceReader("notes", "folders of notes", _units, _read)
