"""Which decision record supersedes which, from what any of them says.

Invariant: a record is superseded by at most one other one, and never, through others, by itself; a record that is only
proposed supersedes none that says it is accepted.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar
from urllib.parse import unquote

from memcli.core.memory.memory import Memory
from memcli.core.memory.standing import PROPOSED, UNCLEAR
from memcli.core.sources.decisions.decision_records import DecisionRecord
from memcli.core.sources.decisions.record_references import RecordReference
from memcli.core.sources.decisions.record_title import title_without_number
from memcli.core.sources.source_reader import Skipped

_Key = TypeVar("_Key")
Successions = Mapping[str, tuple[str, ...]]
"""Path of a record → the paths of its successors."""


def linked_records(records: Sequence[DecisionRecord]) -> tuple[list[Memory], list[Skipped]]:
    """The memories of the records, with `superseded_by` and `supersedes`; and what is doubtful about their status."""
    known = _KnownRecords(records)
    successions = _successions(records, known)
    predecessors: dict[str, list[DecisionRecord]] = defaultdict(list)
    for old, paths in successions.items():
        for path in paths:
            predecessors[path].append(known.by_path[old])
    memories = [
        memory
        for record in records
        for memory in _linked(
            record, [known.by_path[path] for path in successions.get(record.path, ())], predecessors[record.path]
        )
    ]
    notices = [notice for record in records for notice in _notices(record, successions, known)]
    return memories, notices


def _linked(
    record: DecisionRecord, successors: Sequence[DecisionRecord], predecessors: Sequence[DecisionRecord]
) -> Iterator[Memory]:
    memory = record.memory
    if successors:
        ends = min(successor.memory.created for successor in successors)
        memory = replace(
            memory,
            status="superseded",
            superseded_by=successors[0].memory.id,
            tags=tuple(tag for tag in memory.tags if tag not in (PROPOSED, UNCLEAR)),
            valid_to=ends if ends > memory.created else None,
        )
    elif _is_replaced_elsewhere(record):
        memory = replace(memory, status="superseded")
    yield replace(memory, supersedes=tuple(old.memory.id for old in predecessors))
    yield from (replace(rest, status=memory.status) for rest in record.rest)


def _is_replaced_elsewhere(record: DecisionRecord) -> bool:
    """Whether a record states no status but a successor, which is not here."""
    return not record.status.is_stated and any(reference.is_certain for reference in record.status.successors)


def _notices(record: DecisionRecord, successions: Successions, known: _KnownRecords) -> Iterator[Skipped]:
    status = record.status
    if status.unknown:
        what = "its list of choices is not filled in" if status.unknown == "?" else f"unknown status “{status.unknown}”"
        yield Skipped(record.path, f"{what}, so it is not shown as decided")
    if record.path in successions:
        return
    named = next((reference for reference in status.successors if reference.is_certain), None)
    if named and not known.resolve(record, named):
        yield Skipped(record.path, f"its successor “{named.text}” is not a record here")
    elif status.is_superseded:
        yield Skipped(record.path, "superseded by no record that is here")
    elif named and not status.is_dead:
        yield Skipped(record.path, f"its successor “{named.text}” is not decided yet")


def _successions(records: Sequence[DecisionRecord], known: _KnownRecords) -> dict[str, tuple[str, ...]]:
    """The successions: what an old record says first, then what an accepted new one says about an old one."""
    pairs = [
        (old, new) for old in records for new in known.resolve_all(old, old.status.successors) if _retires(old, new)
    ]
    for new in records:
        if new.status.is_decided and not new.status.is_dead:
            pairs += [(old, new) for old in known.resolve_all(new, new.status.predecessors) if not old.status.is_dead]
    successions: dict[str, tuple[str, ...]] = {}
    for old, new in pairs:
        successors = successions.get(old.path, ())
        if new.path not in successors and not _leads(successions, new.path, old.path):
            successions[old.path] = (*successors, new.path)
    return successions


def _retires(old: DecisionRecord, new: DecisionRecord) -> bool:
    """Whether a successor that the old record names counts: it does where the old one says it is superseded."""
    return old.status.is_superseded or (new.status.is_decided and not new.status.is_dead)


def _leads(successions: Successions, start: str, goal: str) -> bool:
    """Whether the successors of `start` lead to `goal`."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path == goal:
            return True
        if path not in seen:
            seen.add(path)
            waiting += successions.get(path, ())
    return False


class _KnownRecords:
    """The records of a unit by path, name, number and title."""

    def __init__(self, records: Sequence[DecisionRecord]) -> None:
        self.by_path = {record.path: record for record in records}
        self._by_name = _grouped((record.name, record) for record in records)
        self._by_number = _grouped((record.number, record) for record in records)
        self._by_title = _grouped((record.memory.title.lower(), record) for record in records)

    def resolve_all(self, record: DecisionRecord, references: Iterable[RecordReference]) -> list[DecisionRecord]:
        """The distinct other records that the references mean."""
        resolved = [other for other in (self.resolve(record, reference) for reference in references) if other]
        return list({other.path: other for other in resolved if other.path != record.path}.values())

    def resolve(self, record: DecisionRecord, reference: RecordReference) -> DecisionRecord | None:
        """The record that is meant: by link, name, number or title, the only match in the directory or anywhere."""
        target = unquote(reference.target.split("#")[0].split("?")[0]).rstrip("/")
        title = title_without_number(reference.title, reference.number).lower()
        for matches in (
            list(self._linked(record, target)),
            self._by_name.get(_name(target), []) if target else [],
            self._by_number.get(reference.number, []) if reference.number is not None and "://" not in target else [],
            self._by_title.get(title, []) if title else [],
        ):
            beside = [other for other in matches if other.directory == record.directory]
            if len(beside or matches) == 1:
                return (beside or matches)[0]
        return None

    def _linked(self, record: DecisionRecord, target: str) -> Iterator[DecisionRecord]:
        if target:
            linked = posixpath.normpath(posixpath.join(record.directory, target))
            for path in dict.fromkeys((linked, linked.lstrip("/"), linked + ".md", target.strip("/") + "/README.md")):
                if path in self.by_path:
                    yield self.by_path[path]
                    return


def _name(target: str) -> str:
    path = PurePosixPath(target)
    return (path.parent.name if path.stem.lower() in ("readme", "index") else path.stem).lower()


def _grouped(pairs: Iterable[tuple[_Key, DecisionRecord]]) -> dict[_Key, list[DecisionRecord]]:
    groups: dict[_Key, list[DecisionRecord]] = defaultdict(list)
    for key, record in pairs:
        groups[key].append(record)
    return groups
