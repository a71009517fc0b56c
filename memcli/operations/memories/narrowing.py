"""Filters that need more than the index: authors by name, and what has become of the code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.core.memory.summary import Filters, WrittenBy
from memcli.core.text.near_names import did_you_mean
from memcli.index.database.view import View
from memcli.operations.views.reader import Reader

if TYPE_CHECKING:
    from memcli.operations.provenance.session_authors import SessionAuthor
    from memcli.operations.views.staleness_judge import StalenessJudge


@dataclass(frozen=True)
class Narrowing:
    """`by`: names of agents, or parts of the name or email of a person; `stale`: only what is about code that has
    changed or is gone; `session`: only what is from this session, or proposed in it."""

    by: tuple[str, ...] = ()
    stale: bool = False
    session: str | None = None


EVERYTHING = Narrowing()


@dataclass(frozen=True)
class Narrowed:
    """The filters as the index knows them, and what to tell whoever asked."""

    filters: Filters
    warnings: tuple[str, ...] = ()


def narrow(reader: Reader, view: View, filters: Filters, narrowing: Narrowing, judge: StalenessJudge) -> Narrowed:
    """Filters that are narrowed to what the index of a view can tell. Raises NotFound for an unknown session."""
    if narrowing == EVERYTHING:
        return Narrowed(filters)
    warnings: tuple[str, ...] = ()
    if narrowing.session:
        reader.check_session(narrowing.session, view)
        filters = replace(filters, session=narrowing.session)
    if narrowing.by:
        known = KnownAuthors.of(reader, view)
        filters = replace(filters, written_by=known.written_by(narrowing.by))
        warnings = known.unknown(narrowing.by)
    if narrowing.stale:
        filters = replace(filters, ids=frozenset(judge.moved_on(view, filters)))
    return Narrowed(filters, warnings)


@dataclass(frozen=True)
class KnownAuthors:
    """The agents that memories name, and the authors of sessions by the session."""

    agents: frozenset[str]
    by_session: dict[str, SessionAuthor]

    @staticmethod
    def of(reader: Reader, view: View) -> KnownAuthors:
        """The authors of the memories of a view."""
        from memcli.operations.provenance.session_authors import session_authors  # most recalls need neither
        from memcli.operations.provenance.standing_commits import standing_commits

        commits = standing_commits(reader.store.odb, reader.tip()[1])
        authors = session_authors(reader.layout, reader.store.odb, commits)
        agents = {author.agent for author in authors.values() if author.agent}
        return KnownAuthors(frozenset(agents | set(view.origins.agents())), authors)

    def written_by(self, names: tuple[str, ...]) -> WrittenBy:
        """The agents that are called so, and the sessions of persons who are."""
        agents = [agent for agent in self.agents if any(agent.casefold() == name.casefold() for name in names)]
        sessions = [session for session, author in self.by_session.items() if any(map(author.is_person, names))]
        return WrittenBy(tuple(sorted(agents)), tuple(sorted(sessions)))

    def unknown(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """A sentence for each name that nobody has, with the names that are nearly like it."""
        persons = {author.name for author in self.by_session.values() if not author.agent}
        authors = [self.written_by((name,)) for name in names]
        missing = [name for name, author in zip(names, authors, strict=True) if author == WrittenBy((), ())]
        return tuple(
            f"no agent or person is called {name[:60]!r}; {did_you_mean(name, self.agents | persons)}".rstrip("; ")
            for name in missing
        )
