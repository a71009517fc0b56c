"""One memory as the report shows it: what it says, whether it still holds, its history and its links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import Question
from memcli.core.memory.staleness import STALE, SUSPECT, Staleness
from memcli.core.memory.summary import Filters
from memcli.index.database.view import View
from memcli.operations.report.memory_changes import MemoryChange
from memcli.operations.report.memory_links import MemoryLink
from memcli.operations.report.store_steps import DREAM, UNDO
from memcli.operations.views.staleness_judge import StalenessJudge
from memcli.store import parse_memory


@dataclass(frozen=True)
class ReportedMemory:
    """A memory of the store; `changes` newest first, `links` from and to it."""

    memory: Memory
    path: str
    questions: tuple[Question, ...]
    staleness: Staleness
    changes: tuple[MemoryChange, ...] = ()
    links: tuple[MemoryLink, ...] = ()

    @property
    def id(self) -> str:
        return self.memory.id

    @property
    def title(self) -> str:
        """One that was withdrawn has none."""
        return self.memory.title or short(self.memory.id)

    @property
    def is_active(self) -> bool:
        return self.memory.status == "active"

    @property
    def is_doubtful(self) -> bool:
        """Whether it is in use although the code that it is about is gone or has changed."""
        return self.is_active and self.staleness.state in (STALE, SUSPECT)

    @property
    def author(self) -> str:
        """Who stands behind it: the agent, else the person who brought it in."""
        first = self.changes[-1].step.person if self.changes else ""
        return self.memory.source.agent or first

    def news(self, since: datetime) -> MemoryChange | None:
        """What its authors made of it since then: that it was added, else the newest change; None where nothing was."""
        recent = [change for change in self.changes if change.step.at >= since and _stands(change)]
        added = [change for change in recent if change.change == "added"]
        return next(iter(added or recent), None)


def _stands(change: MemoryChange) -> bool:
    """Whether somebody learned something: what follows from another memory, or a dream found, is no news."""
    step = change.step
    return not step.is_undone and step.kind not in (UNDO, DREAM) and change.change != "superseded"


def read_memories(
    view: View, judge: StalenessJudge, changes: Mapping[str, Sequence[MemoryChange]]
) -> list[ReportedMemory]:
    """The memories of a view, of every status, the last modified first, with their changes by path."""
    records = view.questions.beside(list(view.records(Filters(all=True))))
    questions = {record.path: record.questions for record in records}
    parsed = {record.path: parse_memory(view.text(record), record.path) for record in records}
    staleness = judge.of_fronts({name: each.document.front() for name, each in parsed.items() if each.document})
    return [
        ReportedMemory(memory, path, questions[path], staleness[path], _shown(memory, changes.get(path, ())))
        for path, memory in ((path, each.memory) for path, each in parsed.items())
        if memory
    ]


def _shown(memory: Memory, changes: Sequence[MemoryChange]) -> tuple[MemoryChange, ...]:
    """The changes of a memory; without what it said, where that was withdrawn."""
    is_withdrawn = memory.status == "withdrawn"
    return tuple(replace(change, diff=()) if is_withdrawn else change for change in changes)


def with_links(memories: Iterable[ReportedMemory], links: Iterable[MemoryLink]) -> list[ReportedMemory]:
    """The memories, each with the links from and to it."""
    ends: dict[str, list[MemoryLink]] = defaultdict(list)
    for link in links:
        ends[link.source].append(link)
        ends[link.target].append(link)
    return [replace(memory, links=tuple(ends[memory.id])) for memory in memories]
