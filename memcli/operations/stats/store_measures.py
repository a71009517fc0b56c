"""What the store holds to count: what was promoted into it, its active memories, and their open questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from memcli.core.memory.instants import parse_instant
from memcli.core.memory.summary import MemorySummary
from memcli.core.session.names import is_dream
from memcli.index.database.view import ACTIVE, View
from memcli.operations.provenance.session_authors import SessionAuthor
from memcli.operations.provenance.standing_commits import StandingCommit
from memcli.operations.stats import facts
from memcli.operations.stats.facts import Fact, Subjects
from memcli.operations.views.staleness_judge import StalenessJudge


@dataclass(frozen=True)
class StoreMeasures:
    """Counts what is in the store, with the authors and memories that are known."""

    authors: Mapping[str, SessionAuthor]
    subjects: Subjects

    def accepted(self, commits: Iterable[StandingCommit]) -> Iterator[Fact]:
        """A fact for each candidate that was promoted, except those of dreams."""
        for commit in commits:
            if commit.session_tip and not is_dream(commit.session):
                author = self._author(commit.agent, commit.session)
                for memory_id in commit.promoted:
                    yield Fact(facts.ACCEPTED, commit.commit.at, author, self.subjects.of(memory_id))

    def active(self, view: View, judge: StalenessJudge) -> Iterator[Fact]:
        """A fact for each active memory, and one for each whose code has changed or is gone."""
        moved_on = judge.moved_on(view, ACTIVE)
        for record in view.records(ACTIVE):
            yield self._about(facts.ACTIVE, record, record.modified)
            if record.id in moved_on:
                yield self._about(facts.STALE, record, record.modified)

    def questions(self, view: View) -> Iterator[Fact]:
        """A fact for each open question, by the memory that lists it."""
        for record in view.questions.asking():
            for question in record.questions:
                yield self._about(facts.QUESTIONS, record, question.since or record.modified)

    def _about(self, measure: str, record: MemorySummary, at: str) -> Fact:
        author = self._author(record.agent, record.session or "")
        return Fact(measure, parse_instant(at), author, self.subjects.of(record.id))

    def _author(self, agent: str | None, session: str) -> str:
        """The agent, else the person who started the session."""
        author = self.authors.get(session)
        return agent or (author.name if author else "")
