"""Agents' own directories of notes (MEMORY.md and one file per subject): one memory per note.

Invariant: nothing of a note is lost; what only its line in the index says becomes part of it. The evidence is
`inference`: an agent wrote these notes for itself, even where it noted what a person said.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from memcli.core.memory.memory import Memory
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passages import SourceFile
from memcli.core.sources.source_paths import NOTE_DIRECTORIES, is_markdown, is_note_index, is_page, may_be_note
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, directory_units, extracts_of
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.agent_note import AgentNote, read_note
from memcli.core.sources.stores.note_index import NoteMention, read_note_index
from memcli.core.sources.stores.note_links import ids_by_name, with_note_links
from memcli.core.sources.stores.store_notes import NoteFiling, note_memories
from memcli.core.sources.titles import heading_title
from memcli.core.sources.written_dates import written_date


def notes_directory(file: SourceFile, indexed: Collection[str]) -> str | None:
    """The directory of notes that a file belongs to; None for a file in a directory that is only called memory.

    `indexed`: the directories that have a MEMORY.md.
    """
    parent = PurePosixPath(posixpath.dirname(file.path))
    for directory in (parent, *parent.parents):
        named = directory.name.lower() in NOTE_DIRECTORIES
        if named and str(directory) not in indexed and str(directory.parent) in indexed:
            return str(directory.parent)
        hidden = any(part.startswith(".") and len(part) > 1 for part in directory.parts)
        if str(directory) in indexed and (named or hidden or (directory == parent and _is_typed(file))):
            return str(directory)
        if named and (hidden or _is_typed(file)):
            return str(directory)
    return None


def _is_typed(file: SourceFile) -> bool:
    document = parse_leniently(file.text)
    return bool(document.get("type")) and bool(document.get("name", "description", "node_type"))


def directory_memories(files: Sequence[SourceFile], known_paths: Collection[str] = ()) -> list[Memory]:
    """The memories of one directory of notes: each note, and what its MEMORY.md has of its own."""
    own = [file for file in files if not is_note_index(file.path)]
    paths = frozenset(file.path for file in own)
    indices = [read_note_index(file, paths, known_paths) for file in files if is_note_index(file.path)]
    mentions: dict[str, NoteMention] = {}
    for mention in (mention for index in indices for mention in index.mentions):
        mentions.setdefault(mention.target, mention)
    notes = [read_note(file, mentions.get(file.path)) for file in own]
    topics = _topics(notes)
    memories = [memory for note in notes for memory in _memories(note, topics[note.file.path], known_paths)]
    ids = _ids_by_name(notes, memories)
    memories += [memory for index in indices for memory in index.memories]
    return [replace(memory, body=with_note_links(memory.body, ids)) for memory in memories]


def _memories(note: AgentNote, topic: str, known_paths: Collection[str]) -> Iterator[Memory]:
    created, modified = note.dates
    tags = tuple(note.document.get("tags").split(","))
    filing = NoteFiling(note.title, note.type, topic, tags, created=created, modified=modified)
    return note_memories(note.file, note.text, filing, known_paths)


def _topics(notes: Sequence[AgentNote]) -> dict[str, str]:
    """{path: topic}: the heading in the index, else a first word that three notes share, else `general`."""
    firsts = {note.file.path: _first_word(note) for note in notes}
    counts = Counter(firsts.values())
    topics = {}
    for note in notes:
        heading = heading_title(note.mention.heading) if note.mention else ""
        first = firsts[note.file.path]
        topics[note.file.path] = heading or (first if counts[first] > 2 else "general")
    return topics


def _first_word(note: AgentNote) -> str:
    return "journal" if written_date(note.stem) else re.split(r"[-_ .]", note.bare_stem)[0].lower()


def _ids_by_name(notes: Sequence[AgentNote], memories: Sequence[Memory]) -> dict[str, str]:
    """{name: id} of the first memory of each note."""
    ids = {memory.source.ref: memory.id for memory in memories}
    read = [note for note in notes if note.file.path in ids]
    return ids_by_name((ids[note.file.path], note.stem, note.names) for note in read)


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    paths = [path for path in tree.ordered if path not in taken and (may_be_note(path) or is_page(path))]
    indexed = frozenset(posixpath.dirname(path) or "." for path in paths if is_note_index(path))
    stores: dict[str, list[str]] = {}
    for path in paths:
        if directory := _store_of(tree, path, indexed):
            stores.setdefault(directory, []).append(path)
    return directory_units({root: [*notes, *_other_files(tree, root, taken)] for root, notes in stores.items()})


def _other_files(tree: SourceTree, root: str, taken: Collection[str]) -> Iterator[str]:
    """The files of a directory of notes that are no markdown."""
    if PurePosixPath(root).name.lower() in NOTE_DIRECTORIES:
        below = (path for path in tree.ordered if path.startswith(f"{root}/"))
        yield from (path for path in below if path not in taken and not is_markdown(path))


def _store_of(tree: SourceTree, path: str, indexed: Collection[str]) -> str | None:
    if is_note_index(path):
        return posixpath.dirname(path) or "."
    return notes_directory(SourceFile(path, tree.peek(path), None), indexed)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    files = [tree.file(path) for path in unit.paths if is_markdown(path)]
    extracts = extracts_of(directory_memories(files, tree.paths))
    read = {extract.path for extract in extracts}
    skipped = tuple(Skipped(path, _reason(path)) for path in unit.paths if path not in read)
    return Reading(tuple(replace(extract, diary=extract.memory.type == "event") for extract in extracts), skipped)


def _reason(path: str) -> str:
    """Why nothing was made of a file of a directory of notes."""
    if not is_markdown(path):
        return "not markdown"
    return "an index: what it says of the notes is in them" if is_note_index(path) else "empty"


READER = SourceReader("claude-notes", "Claude Code's notes", _units, _read)
