"""The verb of `mem stats`, and what it returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from memcli.branch import open_sessions
from memcli.core.memory.summary import Filters
from memcli.operations.provenance.session_authors import SessionAuthor, session_authors
from memcli.operations.provenance.standing_commits import StandingCommit, standing_commits
from memcli.operations.stats.counts import Counts, DreamCounts, counted, counted_by
from memcli.operations.stats.dream_counts import count_dreams
from memcli.operations.stats.facts import Fact, Subjects
from memcli.operations.stats.known_sessions import KnownSessions
from memcli.operations.stats.session_measures import SessionMeasures
from memcli.operations.stats.store_measures import StoreMeasures
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.reader import Reader
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace

ANY = Filters(all=True)


@dataclass(frozen=True)
class Stats:
    """`total` of everything but dreams, and `groups` of the same by `by`; what happens is counted from `since` on.

    A read that shows memories of several topics or types counts in the group of each.
    """

    since: datetime | None
    by: str | None
    total: Counts
    dreams: DreamCounts
    groups: Mapping[str, Counts] = field(default_factory=dict)


@retry_when_damaged
def read_stats(workspace: Workspace, since: datetime | None = None, by: str | None = None) -> Stats:
    """What was proposed, decided, asked and read, as far as this clone knows; `by`: one of `GROUPINGS`.

    Raises NoStore.
    """
    drain_before_reading(workspace)
    reader, ahead = Reader(workspace), with_waiting_entries(workspace)
    commits = list(standing_commits(workspace.odb, reader.tip()[1]))
    sessions = KnownSessions.of(ahead.sessions, open_sessions(ahead.layout), commits)
    authors = session_authors(workspace.layout, workspace.odb, commits)
    facts = [fact for fact in _facts(reader, authors, commits, sessions) if fact.is_since(since)]
    dreams = count_dreams(sessions, commits, since)
    return Stats(since, by, counted(facts), dreams, counted_by(facts, by) if by else {})


def _facts(
    reader: Reader, authors: Mapping[str, SessionAuthor], commits: Sequence[StandingCommit], sessions: KnownSessions
) -> Iterator[Fact]:
    """Everything that is counted, each once."""
    judge = reader.judge()
    with reader.main_view() as view:
        reader.visibility.apply(view, ANY)
        subjects = Subjects(view.records(ANY))
        of_store = StoreMeasures(authors, subjects)
        yield from of_store.active(view, judge)
        yield from of_store.questions(view)
    judge.remember()
    yield from of_store.accepted(commits)
    of_sessions = SessionMeasures(reader.store, sessions.sessions, authors, subjects)
    for session in sessions.of_work:
        yield from of_sessions.rejected(session)
        yield from of_sessions.read(session)
        if session.name in sessions.open:
            yield from of_sessions.waiting(session, reader.visibility)
