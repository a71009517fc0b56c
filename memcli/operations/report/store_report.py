"""`mem report`: the store as one value, read once: its memories, their history, their questions and their links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from memcli.core.memory.staleness import STALE
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.operations.report.activity import News, TimelineEntry, WeekOfStore, news_since, timeline, weeks_of
from memcli.operations.report.asked_sides import AskedQuestion, asked_questions
from memcli.operations.report.contributors import Contributor, contributors
from memcli.operations.report.memory_changes import changes_by_path
from memcli.operations.report.memory_graph import MemoryGraph, memory_graph
from memcli.operations.report.memory_links import memory_links
from memcli.operations.report.reported_memory import ReportedMemory, read_memories, with_links
from memcli.operations.report.store_steps import StoreStep, store_steps
from memcli.operations.stats.counts import Counts
from memcli.operations.stats.facts import AGENT
from memcli.operations.stats.stats import read_stats
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.reader import Reader
from memcli.operations.views.visibility import VisibilityFilter
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.sessions import Sessions
from memcli.workspace import Workspace


@dataclass(frozen=True)
class WaitingTitle:
    """A candidate that waits for a decision, by its title alone."""

    session: str
    agent: str | None
    title: str


@dataclass(frozen=True)
class StoreReport:
    """A store at one commit, and what happened since a day. `hidden`: memories about excluded code paths, which are
    left out; `unreadable`: (path, problem) of files that are no memories; `warnings`: what could not be read."""

    repository: str
    commit: str
    now: datetime
    since: datetime
    memories: tuple[ReportedMemory, ...]
    news: tuple[News, ...]
    contributors: tuple[Contributor, ...]
    questions: tuple[AskedQuestion, ...]
    weeks: tuple[WeekOfStore, ...]
    timeline: tuple[TimelineEntry, ...]
    graph: MemoryGraph
    waiting: tuple[WaitingTitle, ...]
    unreadable: tuple[tuple[str, str], ...]
    hidden: int
    warnings: tuple[str, ...]

    @property
    def active(self) -> tuple[ReportedMemory, ...]:
        """The memories in use."""
        return tuple(memory for memory in self.memories if memory.is_active)

    @property
    def doubtful(self) -> tuple[ReportedMemory, ...]:
        """The memories in use whose code is gone or has changed, those first of which all is gone."""
        doubtful = [memory for memory in self.memories if memory.is_doubtful]
        return tuple(sorted(doubtful, key=lambda memory: memory.staleness.state != STALE))


@retry_when_damaged
def collect_report(workspace: Workspace, since: datetime) -> StoreReport:
    """The report on the store, with what was learned since then; memories about excluded code paths are left out,
    whoever asks. Raises NoStore."""
    reader, counts = Reader(workspace), dict[str, Counts]()
    ref, commit = reader.tip()
    steps, warnings = _steps(reader, commit)
    if not warnings:
        counts |= read_stats(workspace, by=AGENT).groups
    changes, judge = changes_by_path(reader.store, steps), reader.judge()
    with reader.main_view() as view:
        hidden = reader.visibility.apply(view)
        memories = read_memories(view, judge, changes)
        questions = asked_questions(view, {memory.id: memory for memory in memories})
    judge.remember()
    sessions, links = with_waiting_entries(workspace).sessions, memory_links([reported.memory for reported in memories])
    entries, news = timeline(steps, memories), news_since(memories, since)
    return StoreReport(
        repository=_name(workspace.layout),
        commit=commit,
        now=workspace.now,
        since=since,
        memories=tuple(with_links(memories, links)),
        news=tuple(news),
        contributors=tuple(contributors(news, counts, _agents(steps, sessions))),
        questions=tuple(questions),
        weeks=tuple(weeks_of(entries, workspace.now)),
        timeline=tuple(entries),
        graph=memory_graph(links),
        waiting=tuple(_waiting(sessions, reader.visibility)),
        unreadable=tuple(reader.index.unreadable(ref)),
        hidden=hidden,
        warnings=warnings,
    )


def _steps(reader: Reader, commit: str) -> tuple[tuple[StoreStep, ...], tuple[str, ...]]:
    """The steps of the store up to a commit; else none and a warning: a report without history is better than none."""
    try:
        return store_steps(reader.layout, reader.store.odb, commit), ()
    except MemError as error:
        return (), (f"the history cannot be read: {error.message}",)


def _agents(steps: Sequence[StoreStep], sessions: Sessions) -> set[str]:
    """The names of all agents of which this clone knows."""
    promoted = {step.agent for step in steps if step.agent}
    return promoted | {session.agent for session in sessions.all(ended=True) if session.agent}


def _name(layout: Layout) -> str:
    """What people call the repository: its directory."""
    place = Path(layout.common_dir)
    return (place.parent if place.name == ".git" else place).name.removesuffix(".git")


def _waiting(sessions: Sessions, visibility: VisibilityFilter) -> Iterator[WaitingTitle]:
    for session in sessions.all():
        for candidate in sessions.candidates(session):
            if not (visibility.is_excluded(candidate.before) or visibility.is_excluded(candidate.after)):
                yield WaitingTitle(session.name, session.agent, candidate.title)
