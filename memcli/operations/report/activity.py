"""What happened to the store over time: weeks as bars, steps as a list, and what was learned since a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from memcli.operations.report.memory_changes import MemoryChange
from memcli.operations.report.reported_memory import ReportedMemory
from memcli.operations.report.store_steps import DREAM, UNDO, StoreStep

LEAST_WEEKS, MOST_WEEKS = 12, 52
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class News:
    """What a memory's author added or changed since a day."""

    memory: ReportedMemory
    change: MemoryChange


@dataclass(frozen=True)
class WeekOfStore:
    """How many changes of memories a week (named by its Monday) brought: by promotions, by dreams, and taken back."""

    monday: date
    promoted: int
    dreamed: int
    undone: int

    @property
    def total(self) -> int:
        return self.promoted + self.dreamed + self.undone


@dataclass(frozen=True)
class TimelineEntry:
    """One step of the store, with the memories it changed that are shown."""

    step: StoreStep
    memories: tuple[tuple[ReportedMemory, MemoryChange], ...]


def news_since(memories: Sequence[ReportedMemory], since: datetime) -> list[News]:
    """What was learned since then, the newest first."""
    changes = ((memory, memory.news(since)) for memory in memories)
    news = [News(memory, change) for memory, change in changes if change]
    return sorted(news, key=lambda news: news.change.step.at, reverse=True)


def timeline(steps: Sequence[StoreStep], memories: Sequence[ReportedMemory]) -> list[TimelineEntry]:
    """The steps that changed a memory which is shown, newest first."""
    changed: dict[str, list[tuple[ReportedMemory, MemoryChange]]] = defaultdict(list)
    for memory in memories:
        for change in memory.changes:
            changed[change.step.commit].append((memory, change))
    return [TimelineEntry(step, tuple(changed[step.commit])) for step in steps if step.commit in changed]


def weeks_of(entries: Sequence[TimelineEntry], now: datetime) -> list[WeekOfStore]:
    """The weeks from the first step until now, at least and at most so many, oldest first."""
    counts: Mapping[str, Counter[date]] = defaultdict(Counter)
    for entry in entries:
        counts[_series(entry.step)][_monday(entry.step.at)] += len(entry.memories)
    this, first = _monday(now), min((_monday(entry.step.at) for entry in entries), default=_monday(now))
    number = min(MOST_WEEKS, max(LEAST_WEEKS, (this - first) // _WEEK + 1))
    mondays = [this - _WEEK * back for back in reversed(range(number))]
    return [WeekOfStore(day, counts[""][day], counts[DREAM][day], counts[UNDO][day]) for day in mondays]


def _series(step: StoreStep) -> str:
    return step.kind if step.kind in (DREAM, UNDO) else ""


def _monday(at: datetime) -> date:
    day = at.date()
    return day - timedelta(days=day.weekday())
