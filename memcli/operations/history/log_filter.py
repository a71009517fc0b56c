"""Which entries `mem log` shows: decided for a commit by its time, session and author, for a change by its memory."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.memory.instants import format_instant
from memcli.core.memory.summary import Filters, WrittenBy
from memcli.core.review.candidates import Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import NotFound
from memcli.git.objects import Commit
from memcli.index.database.view import ANY, View
from memcli.operations.memories.narrowing import KnownAuthors, Narrowing
from memcli.operations.views.reader import Reader


@dataclass(frozen=True)
class LogFilter:
    """`written_by`: the authors whose promotions are shown, None for all; `ids`: the memories, None for all."""

    filters: Filters
    session: str | None = None
    written_by: WrittenBy | None = None
    ids: frozenset[str] | None = None
    warnings: tuple[str, ...] = ()

    @staticmethod
    def of(reader: Reader, view: View, filters: Filters, narrowing: Narrowing) -> LogFilter:
        """The filter of a request. Raises NotFound for an unknown session."""
        if narrowing.session:
            _check_session(reader, view, narrowing.session)
        known = KnownAuthors.of(reader, view) if narrowing.by else None
        return LogFilter(
            filters,
            narrowing.session,
            known.written_by(narrowing.by) if known else None,
            frozenset(reader.judge().moved_on(view, ANY)) if narrowing.stale else None,
            known.unknown(narrowing.by) if known else (),
        )

    def shows_commit(self, commit: Commit) -> bool:
        """Whether changes of a commit are shown."""
        values = dict(trailers_of(commit.message))
        session, agent = values.get(trailers.SESSION, ""), values.get(trailers.AGENT)
        if self.filters.since and format_instant(commit.at) < self.filters.since:
            return False
        if self.session not in (None, session):
            return False
        by = self.written_by
        return by is None or (agent in by.agents if agent else session in by.sessions)

    def shows_change(self, change: Candidate) -> bool:
        """Whether a change is shown, by its memory as it was promoted."""
        if self.ids is not None and change.id not in self.ids:
            return False
        memory, filters = change.after or change.before, self.filters
        asked = (
            (filters.kinds, {memory.kind} if memory else set()),
            (filters.types, {memory.type} if memory else set()),
            (filters.topics, {memory.topic} if memory else set()),
            (filters.tags, {*memory.tags} if memory else set()),
            (filters.statuses, {memory.status} if memory else set()),
            (filters.evidence, {memory.evidence} if memory else set()),
        )
        return all(not wanted or values.intersection(wanted) for wanted, values in asked)


def _check_session(reader: Reader, view: View, name: str) -> None:
    """Raises NotFound where there is no such session, and no commit of the store names one."""
    try:
        reader.check_session(name, view)
    except NotFound:
        commits = reader.store.odb.first_parents(reader.tip()[1])
        if not any((trailers.SESSION, name) in trailers_of(commit.message) for commit in commits):
            raise
