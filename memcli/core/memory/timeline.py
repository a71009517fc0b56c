"""Timelines: the memories of one key in time, whatever the order in which they were loaded.

They are ordered by (`valid_from` or `created`, then id). Intervals are half open; an empty `valid_to` means the start
of the next memory, which is never written down. The last memory is `active`, the others are `superseded`. A retired one
stays retired, ends its predecessor's interval and does not hold; withdrawn ones take no part. A memory that another
key's memory supersedes ends where that one starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from memcli.core.memory.document import Value
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.memory import Memory


def arrange(memories: Iterable[Memory]) -> dict[MemoryId, Mapping[str, Value]]:
    """The front matter changes (None: remove the key) that put one key's timeline in order; empty if it is.

    Pass withdrawn stubs as well, whatever their key: a memory that one of them superseded becomes active again. A
    `superseded_by` that names none of the memories passed (but another key's, by `supersedes`) is left as it is.
    """
    members = list(memories)
    ids = {memory.id for memory in members}
    changes: dict[MemoryId, Mapping[str, Value]] = {}
    for memory, following in _steps(members):
        if memory.status != "retired" and not _superseded_elsewhere(memory, ids):
            ordered = _status_before(following)
            current: dict[str, Value] = {"status": memory.status, "superseded_by": memory.superseded_by}
            if current != ordered:
                changes[memory.id] = {key: value for key, value in ordered.items() if current[key] != value}
    return changes


def timeline_order(memories: Iterable[Memory]) -> list[Memory]:
    """The memories that take part, in the order of their timeline."""
    return sorted((memory for memory in memories if memory.status != "withdrawn"), key=_place)


def interval(
    memory: Memory, members: Iterable[Memory], others: Iterable[Memory] = ()
) -> tuple[datetime, datetime | None]:
    """When a memory holds: [start, end), end None while it is open.

    `members` are the memories of its key, `others` may supersede it from outside.
    """
    listed = list(members)
    later = (member for member in timeline_order(listed) if _place(member) > _place(memory))
    return memory.starts, _end(memory, next(later, None), listed, others)


def holds_at(members: Iterable[Memory], instant: datetime, others: Iterable[Memory] = ()) -> Memory | None:
    """The memory of a key that held at an instant, the last one to start if several did; None in a gap.

    A memory without a key is passed alone. `others`: memories that may supersede one of them from outside.
    """
    listed, successors, held = list(members), list(others), None
    for memory, following in _steps(listed):
        end = _end(memory, following, listed, successors)
        if memory.status != "retired" and memory.starts <= instant and (end is None or instant < end):
            held = memory
    return held


def _end(
    memory: Memory, following: Memory | None, members: Iterable[Memory], others: Iterable[Memory]
) -> datetime | None:
    """`valid_to`, else the start of whatever ends it first: the next memory of the key, or a successor from outside."""
    if memory.valid_to:
        return memory.valid_to
    ends = [following.starts] if following else []
    alone = memory.key is None and memory.status == "superseded"
    if alone or _superseded_elsewhere(memory, {member.id for member in members}):
        successor = next((other for other in others if other.id == memory.superseded_by), None)
        if successor is None:
            ends.append(memory.modified)
        elif successor.status != "withdrawn":
            ends.append(successor.starts)
    return min(ends, default=None)


def _steps(memories: Iterable[Memory]) -> Iterator[tuple[Memory, Memory | None]]:
    """Each memory with the one that follows it."""
    timeline = timeline_order(memories)
    yield from zip(timeline, [*timeline[1:], None], strict=False)


def _place(memory: Memory) -> tuple[datetime, str]:
    return memory.starts, memory.id


def _superseded_elsewhere(memory: Memory, ids: set[MemoryId]) -> bool:
    """Whether a memory is superseded by one that is not among `ids`."""
    return memory.status == "superseded" and memory.superseded_by is not None and memory.superseded_by not in ids


def _status_before(following: Memory | None) -> dict[str, Value]:
    """The status of a memory by what follows it."""
    if following is None:
        return {"status": "active", "superseded_by": None}
    return {"status": "superseded", "superseded_by": following.id}
