"""The home of keys: the memories of one key as a timeline, whatever the order in which they were loaded.

They stand by (`valid_from` or `created`, then id); intervals are half open; an empty `valid_to` is the start of the
next one, implied and never written. The last one is `active`, the others `superseded`. A retired one stays retired,
ends its predecessor's interval and answers nothing; withdrawn ones take no part. What another key's memory has taken
the place of ends where that one starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from memcli.core.memory.document import Value
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.memory import Memory


def arrange(memories: Iterable[Memory]) -> dict[MemoryId, Mapping[str, Value]]:
    """The front matter changes (None: remove the key) after which one key's timeline holds; empty where it does.

    Hand over withdrawn stubs as well, whatever their key: what one of them superseded becomes active again, while
    `superseded_by` an id that is not here (another key's, by `supersedes`) stands.
    """
    known = list(memories)
    here = {memory.id for memory in known}
    changes: dict[MemoryId, Mapping[str, Value]] = {}
    for memory, following in _steps(known):
        if memory.status != "retired" and not _superseded_elsewhere(memory, here):
            wanted = _standing(following)
            now: dict[str, Value] = {"status": memory.status, "superseded_by": memory.superseded_by}
            if now != wanted:
                changes[memory.id] = {key: value for key, value in wanted.items() if now[key] != value}
    return changes


def timeline_order(memories: Iterable[Memory]) -> list[Memory]:
    """Those that take part, in the order of their timeline."""
    return sorted((memory for memory in memories if memory.status != "withdrawn"), key=_place)


def interval(
    memory: Memory, members: Iterable[Memory], others: Iterable[Memory] = ()
) -> tuple[datetime, datetime | None]:
    """When a memory holds: [start, end), end None while it is open; `members` are those of its key."""
    known = list(members)
    later = (member for member in timeline_order(known) if _place(member) > _place(memory))
    return memory.starts, _end(memory, next(later, None), known, others)


def holds_at(members: Iterable[Memory], instant: datetime, others: Iterable[Memory] = ()) -> Memory | None:
    """What held at an instant: of one key's memories the last to start whose interval holds, None in a gap.

    A memory without a key is alone. `others`: memories that may have taken the place of one of them.
    """
    known, found = list(members), None
    heirs = list(others)
    for memory, following in _steps(known):
        end = _end(memory, following, known, heirs)
        if memory.status != "retired" and memory.starts <= instant and (end is None or instant < end):
            found = memory
    return found


def _end(
    memory: Memory, following: Memory | None, members: Iterable[Memory], others: Iterable[Memory]
) -> datetime | None:
    """What is written down, else the first that ends it: the next of the key, or what took its place from outside."""
    if memory.valid_to:
        return memory.valid_to
    ends = [following.starts] if following else []
    alone = memory.key is None and memory.status == "superseded"
    if alone or _superseded_elsewhere(memory, {one.id for one in members}):
        heir = next((one for one in others if one.id == memory.superseded_by), None)
        ends += [memory.modified] if heir is None else [heir.starts] if heir.status != "withdrawn" else []
    return min(ends, default=None)


def _steps(memories: Iterable[Memory]) -> Iterator[tuple[Memory, Memory | None]]:
    """Each with the one that follows it."""
    line = timeline_order(memories)
    yield from zip(line, [*line[1:], None], strict=False)


def _place(memory: Memory) -> tuple[datetime, str]:
    return memory.starts, memory.id


def _superseded_elsewhere(memory: Memory, here: set[MemoryId]) -> bool:
    return memory.status == "superseded" and memory.superseded_by is not None and memory.superseded_by not in here


def _standing(following: Memory | None) -> dict[str, Value]:
    if following is None:
        return {"status": "active", "superseded_by": None}
    return {"status": "superseded", "superseded_by": following.id}
