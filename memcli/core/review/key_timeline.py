"""The memories of one key in the order of their timeline, and when the claim of each holds.

A claim ends where its memory says so (`valid_to`), else where the next memory of the key claims something else: a
memory that repeats the claim does not end it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice

from memcli.core.memory.memory import Memory
from memcli.core.memory.timeline import timeline_order
from memcli.core.review.claim import claim_hash

Interval = tuple[datetime, datetime | None]
"""[start, end); end None while it is open."""
_HELD = ("active", "superseded")


class KeyTimeline:
    """The timeline of one key; a memory without a key is a timeline of its own."""

    def __init__(self, members: Iterable[Memory]) -> None:
        self.members = timeline_order({member.id: member for member in members}.values())
        self._claims = {member.id: claim_hash(member) for member in self.members}

    def makes_same_claim(self, memory: Memory, other: Memory) -> bool:
        """Whether two members claim the same."""
        return self._claims[memory.id] == self._claims[other.id]

    def interval(self, memory: Memory) -> Interval:
        """When the claim of a member holds."""
        return memory.starts, memory.valid_to or self._ends[memory.id]

    @cached_property
    def _ends(self) -> dict[str, datetime | None]:
        """{id: the start of the next member with another claim}."""
        ends: dict[str, datetime | None] = {}
        following: Memory | None = None
        for member in reversed(self.members):
            if following is None:
                ends[member.id] = None
            else:
                repeats = self.makes_same_claim(member, following)
                ends[member.id] = ends[following.id] if repeats else following.starts
            following = member
        return ends

    def predecessor(self, memory: Memory) -> Memory | None:
        """The last member that started before this one and holds or held; None where there is none."""
        place = bisect_left(self._holding, memory.starts, key=_start)
        return self._holding[place - 1] if place else None

    def successor(self, memory: Memory) -> Memory | None:
        """The first member that started after this one and holds or held; None where there is none."""
        place = bisect_right(self._holding, memory.starts, key=_start)
        return self._holding[place] if place < len(self._holding) else None

    @cached_property
    def _holding(self) -> list[Memory]:
        return [member for member in self.members if member.status in _HELD]

    def with_same_start(self, memory: Memory) -> Iterator[Memory]:
        """The members with another claim that hold or held from the same time on, by id."""
        place = bisect_left(self._holding, memory.starts, key=_start)
        for member in islice(self._holding, place, None):
            if member.starts != memory.starts:
                return
            if not self.makes_same_claim(memory, member):
                yield member


def _start(memory: Memory) -> datetime:
    return memory.starts


def held_interval(memory: Memory, timeline: KeyTimeline | None) -> Interval | None:
    """When a memory holds, None for never; `timeline`: that of its key, if it has one.

    One that is retired, or superseded without a key, holds no more.
    """
    start, end = timeline.interval(memory) if timeline else (memory.starts, memory.valid_to)
    holds = memory.status in (_HELD if timeline else ("active",))
    return (start, end) if holds and (end is None or start < end) else None


class Occupied:
    """Intervals that memories with one text take up, each with its memory; in order, none overlapping another."""

    def __init__(self) -> None:
        self._spans: list[tuple[Interval, Memory]] = []

    def at(self, span: Interval) -> Memory | None:
        """A memory that holds for a part of an interval."""
        place = bisect_right(self._spans, span[0], key=lambda each: each[0][0])
        near = self._spans[max(0, place - 1) : place + 1]
        return next((memory for taken, memory in near if meet(taken, span)), None)

    def take(self, span: Interval, memory: Memory) -> None:
        """Take up an interval that is free."""
        insort(self._spans, (span, memory), key=lambda each: each[0][0])


def meet(a: Interval, b: Interval) -> bool:
    """Whether two half-open intervals have an instant in common."""
    ends = [end for _, end in (a, b) if end is not None]
    return not ends or max(a[0], b[0]) < min(ends)
