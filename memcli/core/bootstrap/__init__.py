"""What a repository already knows: its decision records, notes, rules, pages and telling commits, read as memories.

Invariant: a pure function of texts and dates; the same input, in any order, gives the same memories in one order.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from memcli.core.bootstrap import agent_notes as notes
from memcli.core.bootstrap import agent_rules as rules
from memcli.core.bootstrap import decision_commits as commit_messages
from memcli.core.bootstrap import decision_records as decisions
from memcli.core.bootstrap import doc_pages as pages
from memcli.core.bootstrap import source_paths as places
from memcli.core.bootstrap.note_index import is_index
from memcli.core.bootstrap.passages import CommitMessage, SourceFile, legible, moment
from memcli.core.bootstrap.source_paths import is_source
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import content_hash

__all__ = ["CommitMessage", "SourceFile", "is_source", "memories"]


@dataclass
class _Sorted:
    """The files by what they turned out to be."""

    records: list[decisions.Record] = field(default_factory=list)
    stores: dict[str, list[SourceFile]] = field(default_factory=dict)
    rules: list[SourceFile] = field(default_factory=list)
    pages: list[SourceFile] = field(default_factory=list)


def memories(
    files: Sequence[SourceFile],
    commits: Sequence[CommitMessage] = (),
    known_paths: Collection[str] = frozenset(),
) -> list[Memory]:
    """Decision records, then notes, rules, pages and commits; each by path or date, no two alike or of one id.

    `known_paths`: the repository's files; code named in backticks becomes an anchor only if it is one of them.
    """
    known = frozenset(known_paths)
    found = _sorted(_readable(files), known)
    made = [*decisions.related(found.records)]
    made += [memory for _, store in sorted(found.stores.items()) for memory in notes.store(store, known)]
    made += [memory for file in found.rules for memory in rules.memories(file, known)]
    made += [memory for file in found.pages for memory in pages.memories(file, known)]
    return _distinct([*made, *_committed(commits, known)])


def _readable(files: Sequence[SourceFile]) -> list[SourceFile]:
    """Text files that are sources, by path; of two with one path the first by text and date."""
    texts = [text for text in map(legible, files) if text and text.text.strip()]
    ordered = sorted(texts, key=lambda file: (file.path, file.text, moment(file.date)))
    return list({file.path: file for file in reversed(ordered) if is_source(file.path)}.values())[::-1]


def _sorted(files: list[SourceFile], known: frozenset[str]) -> _Sorted:
    found = _Sorted()
    indexed = frozenset(posixpath.dirname(file.path) or "." for file in files if is_index(file.path))
    for file in files:
        _sort(file, indexed, known, found)
    return found


def _sort(file: SourceFile, indexed: frozenset[str], known: frozenset[str], found: _Sorted) -> None:
    sorts = places.sorts(file.path)
    store = (posixpath.dirname(file.path) or ".") if is_index(file.path) else None
    store = store or (notes.store_of(file, indexed) if places.NOTE in sorts or places.PAGE in sorts else None)
    record = decisions.record(file, known) if places.DECISION in sorts and not store else None
    if store:
        found.stores.setdefault(store, []).append(file)
    elif record:
        found.records.append(record)
    elif places.RULE in sorts:
        found.rules.append(file)
    elif places.PAGE in sorts:
        found.pages.append(file)


def _committed(commits: Sequence[CommitMessage], known: frozenset[str]) -> Iterator[Memory]:
    ordered = sorted(commits, key=lambda commit: (moment(commit.date), commit.id))
    return (memory for memory in (commit_messages.memory(commit, known) for commit in ordered) if memory)


def _distinct(made: Sequence[Memory]) -> list[Memory]:
    """The first of memories that say the same; who pointed at another of them points at the first."""
    kept: dict[str, Memory] = {}
    instead: dict[str, str] = {}
    for memory in made:
        first = kept.setdefault(content_hash(memory), memory)
        if first is not memory:
            instead[memory.id] = first.id
    return [_redirected(memory, instead) for memory in kept.values()]


def _redirected(memory: Memory, instead: dict[str, str]) -> Memory:
    body = memory.body
    for dropped, first in instead.items():
        if dropped != first:
            body = body.replace(f"[[{dropped}|", f"[[{first}|")
    return replace(
        memory,
        body=body,
        supersedes=tuple(dict.fromkeys(instead.get(old, old) for old in memory.supersedes)),
        superseded_by=instead.get(memory.superseded_by or "", memory.superseded_by),
    )
