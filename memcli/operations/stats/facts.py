"""What is counted: single facts, each with its time, its author and the memories that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from memcli.core.memory.summary import MemorySummary

ACCEPTED, REJECTED, WAITING, QUESTIONS = "accepted", "rejected", "waiting", "questions"
ACTIVE, STALE, READS, PACKS, PACK_TOKENS = "active", "stale", "reads", "packs", "pack_tokens"
EVENTS = (ACCEPTED, REJECTED, READS, PACKS, PACK_TOKENS)
"""What happens once, and is counted from an instant on; the rest is what there is now."""
AGENT, TOPIC, TYPE, WEEK = "agent", "topic", "type", "week"
GROUPINGS = (AGENT, TOPIC, TYPE, WEEK)
UNKNOWN = "unknown"
"""The group of what has no author, memory or time that this clone knows."""


@dataclass(frozen=True)
class Subject:
    """What groups need of a memory."""

    topic: str = UNKNOWN
    type: str = UNKNOWN


@dataclass(frozen=True)
class Fact:
    """`amount` of a measure (`ACCEPTED`, …), when it happened or began, whose it is and what it is about."""

    measure: str
    at: datetime | None
    author: str
    subjects: frozenset[Subject]
    amount: int = 1

    def groups(self, by: str) -> set[str]:
        """The groups in which it counts: one for each topic or type that it is about."""
        if by == AGENT:
            return {self.author or UNKNOWN}
        if by == WEEK:
            return {week_of(self.at) if self.at else UNKNOWN}
        return {getattr(subject, by) or UNKNOWN for subject in self.subjects} or {UNKNOWN}

    def is_since(self, instant: datetime | None) -> bool:
        """Whether it counts from an instant on: what there is now always does."""
        return instant is None or self.measure not in EVENTS or (self.at is not None and self.at >= instant)


def week_of(instant: datetime) -> str:
    """The ISO week of an instant in UTC: `2026-W48`."""
    year, week, _ = instant.isocalendar()
    return f"{year}-W{week:02}"


class Subjects:
    """The memories of the store by the end of their ids, which is how promotions name them."""

    def __init__(self, records: Iterable[MemorySummary]) -> None:
        self._by_end: Mapping[str, Subject] = {record.id[-6:]: Subject(record.topic, record.type) for record in records}

    def of(self, *ids: str) -> frozenset[Subject]:
        """The subjects of the memories with these ids (or ends of ids) that are in the store."""
        return frozenset(self._known(ids))

    def _known(self, ids: Iterable[str]) -> Iterator[Subject]:
        return (self._by_end[memory_id[-6:]] for memory_id in ids if memory_id[-6:] in self._by_end)
