"""Which decision record supersedes which, from what any of them says.

Invariant: a record is superseded by at most one other one, and never, through others, by itself.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from memcli.core.memory.memory import Memory
from memcli.core.sources.decisions.decision_records import DecisionRecord, title_without_number
from memcli.core.sources.decisions.decision_status import RecordReference

Successions = Mapping[str, tuple[str, ...]]
"""Path of a record → the paths of its successors."""


def linked_memories(records: Sequence[DecisionRecord]) -> list[Memory]:
    """The memories of the records, with `superseded_by` and `supersedes`."""
    successions = _successions(records)
    by_path = {record.path: record for record in records}
    return [memory for record in records for memory in (_linked(record, successions, by_path), *record.rest)]


def _linked(record: DecisionRecord, successions: Successions, by_path: Mapping[str, DecisionRecord]) -> Memory:
    memory = record.memory
    predecessors = tuple(by_path[old].memory.id for old, new in successions.items() if record.path in new)
    successors = [by_path[path].memory for path in successions.get(record.path, ())]
    if successors:
        ends = min(successor.created for successor in successors)
        memory = replace(
            memory,
            status="superseded",
            superseded_by=successors[0].id,
            tags=tuple(tag for tag in memory.tags if tag != "proposed"),
            valid_to=ends if ends > memory.created else None,
        )
    return replace(memory, supersedes=predecessors)


def _successions(records: Sequence[DecisionRecord]) -> dict[str, tuple[str, ...]]:
    """The successions: what an old record says first, then what an accepted new one says about an old one."""
    pairs = [(old, new) for old in records for new in _resolve_all(old, old.status.successors, records)]
    for new in records:
        if new.status.accepted and new.status.status != "retired":
            predecessors = _resolve_all(new, new.status.predecessors, records)
            pairs += [(old, new) for old in predecessors if old.status.status != "retired"]
    successions: dict[str, tuple[str, ...]] = {}
    for old, new in pairs:
        known = successions.get(old.path, ())
        if new.path not in known and not _leads(successions, new.path, old.path):
            successions[old.path] = (*known, new.path)
    return successions


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


def _resolve_all(
    record: DecisionRecord, references: Sequence[RecordReference], records: Sequence[DecisionRecord]
) -> list[DecisionRecord]:
    """The distinct other records that the references mean."""
    resolved = [other for other in (_resolve(record, one, records) for one in references) if other]
    return [other for n, other in enumerate(resolved) if other.path != record.path and other not in resolved[:n]]


def _resolve(
    record: DecisionRecord, reference: RecordReference, records: Sequence[DecisionRecord]
) -> DecisionRecord | None:
    """The record that is meant: by link, file name, number or title, the only match in the directory or anywhere."""
    target = unquote(reference.target.split("#")[0].split("?")[0])
    linked = posixpath.normpath(posixpath.join(record.directory, target)) if target else ""
    name = PurePosixPath(target).stem.lower() if target else ""
    title = title_without_number(reference.title, reference.number).lower()
    candidates = (
        [other for other in records if linked and other.path in (linked, linked.lstrip("/"), linked + ".md")],
        [other for other in records if name and PurePosixPath(other.path).stem.lower() == name],
        [other for other in records if reference.number is not None and other.number == reference.number],
        [other for other in records if title and other.memory.title.lower() == title],
    )
    for matches in candidates:
        beside = [other for other in matches if other.directory == record.directory]
        if len(beside or matches) == 1:
            return (beside or matches)[0]
    return None
