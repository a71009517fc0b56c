"""All memories of a repository's documents and commit messages.

Invariant: a pure function of texts and dates. The same input, in any order, gives the same memories in one order.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from memcli.core.bootstrap.agent_notes import note_memories, notes_directory
from memcli.core.bootstrap.agent_rules import rule_memories
from memcli.core.bootstrap.decision_commits import commit_memory
from memcli.core.bootstrap.decision_links import linked_memories
from memcli.core.bootstrap.decision_records import DecisionRecord, read_record
from memcli.core.bootstrap.doc_pages import page_memories
from memcli.core.bootstrap.note_index import is_note_index
from memcli.core.bootstrap.passages import CommitMessage, SourceFile, readable_file, utc_instant
from memcli.core.bootstrap.source_paths import DECISION, NOTE, PAGE, RULE, is_source, source_kinds
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import content_hash


def extract_memories(
    files: Sequence[SourceFile],
    commits: Sequence[CommitMessage] = (),
    known_paths: Collection[str] = frozenset(),
) -> list[Memory]:
    """Decision records, then notes, rules, pages and commits, each ordered by path or date, all distinct.

    `known_paths`: the repository's files; a path in backticks becomes an anchor only if it is one of them.
    """
    known = frozenset(known_paths)
    readable = _readable(files)
    sources = _Sources(known, frozenset(_directory(file) for file in readable if is_note_index(file.path)))
    for file in readable:
        sources.add(file)
    return _distinct([*sources.memories(), *_commit_memories(commits, known)])


def _readable(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The text files that are sources, by path; of two with one path the first by text and date."""
    texts = [text for text in map(readable_file, files) if text and text.text.strip()]
    ordered = sorted(texts, key=lambda file: (file.path, file.text, utc_instant(file.date)))
    return list({file.path: file for file in reversed(ordered) if is_source(file.path)}.values())[::-1]


def _directory(file: SourceFile) -> str:
    return posixpath.dirname(file.path) or "."


@dataclass
class _Sources:
    """The files by what they are. `indexed`: the directories with a MEMORY.md; `notes`: the files of each store."""

    known_paths: frozenset[str]
    indexed: frozenset[str]
    records: list[DecisionRecord] = field(default_factory=list)
    notes: dict[str, list[SourceFile]] = field(default_factory=dict)
    rules: list[SourceFile] = field(default_factory=list)
    pages: list[SourceFile] = field(default_factory=list)

    def add(self, file: SourceFile) -> None:
        """Sort a file in by its path and its text."""
        kinds = source_kinds(file.path)
        if directory := self._notes_directory(file, kinds):
            self.notes.setdefault(directory, []).append(file)
        elif record := read_record(file, self.known_paths) if DECISION in kinds else None:
            self.records.append(record)
        elif RULE in kinds:
            self.rules.append(file)
        elif PAGE in kinds:
            self.pages.append(file)

    def _notes_directory(self, file: SourceFile, kinds: Collection[str]) -> str | None:
        if is_note_index(file.path):
            return _directory(file)
        return notes_directory(file, self.indexed) if NOTE in kinds or PAGE in kinds else None

    def memories(self) -> Iterator[Memory]:
        """The memories of all files."""
        yield from linked_memories(self.records)
        for _, notes in sorted(self.notes.items()):
            yield from note_memories(notes, self.known_paths)
        for file in self.rules:
            yield from rule_memories(file, self.known_paths)
        for file in self.pages:
            yield from page_memories(file, self.known_paths)


def _commit_memories(commits: Sequence[CommitMessage], known: frozenset[str]) -> Iterator[Memory]:
    ordered = sorted(commits, key=lambda commit: (utc_instant(commit.date), commit.id))
    return (memory for memory in (commit_memory(commit, known) for commit in ordered) if memory)


def _distinct(memories: Sequence[Memory]) -> list[Memory]:
    """The first of memories with equal content; references to the others point to the first."""
    kept: dict[str, Memory] = {}
    replaced: dict[str, str] = {}
    for memory in memories:
        first = kept.setdefault(content_hash(memory), memory)
        if first is not memory:
            replaced[memory.id] = first.id
    return [_redirected(memory, replaced) for memory in kept.values()]


def _redirected(memory: Memory, replaced: Mapping[str, str]) -> Memory:
    """A memory with its references to replaced memories redirected. `replaced`: {dropped id: kept id}."""
    body = memory.body
    for dropped, kept in replaced.items():
        if dropped != kept:
            body = body.replace(f"[[{dropped}|", f"[[{kept}|")
    return replace(
        memory,
        body=body,
        supersedes=tuple(dict.fromkeys(replaced.get(old, old) for old in memory.supersedes)),
        superseded_by=replaced.get(memory.superseded_by or "", memory.superseded_by),
    )
