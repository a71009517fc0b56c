"""What sessions hold to count: candidates that wait or were rejected, and what their authors have read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from memcli.branch import READS
from memcli.core.memory.instants import parse_instant
from memcli.core.review.candidates import Candidate
from memcli.core.session.reads import HYDRATE, Read, read_lines
from memcli.core.session.state import Session
from memcli.errors import MemError
from memcli.operations.provenance.session_authors import SessionAuthor
from memcli.operations.stats import facts
from memcli.operations.stats.facts import Fact, Subject, Subjects
from memcli.operations.views.visibility import VisibilityFilter
from memcli.sessions import Sessions
from memcli.store import Store


@dataclass(frozen=True)
class SessionMeasures:
    """Counts what sessions hold, with the authors and memories that are known."""

    store: Store
    sessions: Sessions
    authors: Mapping[str, SessionAuthor]
    subjects: Subjects

    def rejected(self, session: Session) -> Iterator[Fact]:
        """A fact for each candidate that was rejected."""
        for rejection in session.rejections:
            subjects = self.subjects.of(rejection.id) or self._proposed(session, rejection.id)
            yield Fact(facts.REJECTED, rejection.at, self.author(session), subjects)

    def waiting(self, session: Session, visibility: VisibilityFilter) -> Iterator[Fact]:
        """A fact for each candidate of an open session that the caller may see."""
        for candidate in visibility.visible(self.sessions.candidates(session)):
            yield Fact(facts.WAITING, session.updated, self.author(session), _subject(candidate))

    def read(self, session: Session) -> Iterator[Fact]:
        """A fact for each recorded read; a pack is a read, too."""
        try:
            blob = self.store.odb.file(self.store.tree_of(session.tip), READS)
            reads = list(read_lines(self.store.text(blob)))
        except MemError:
            return  # this clone does not have the session's objects
        for read in reads:
            yield from self._read(self.author(session), read)

    def author(self, session: Session) -> str:
        """The agent's name, else the person's."""
        author = self.authors.get(session.name)
        return author.label if author else session.agent or session.author

    def _read(self, author: str, read: Read) -> Iterator[Fact]:
        try:
            at = parse_instant(read.at)
        except ValueError:
            at = None
        subjects = self.subjects.of(*(memory_id for memory_id, _ in read.ids))
        yield Fact(facts.READS, at, author, subjects)
        if read.op == HYDRATE:
            tokens = read.parameters.get("tokens")
            yield Fact(facts.PACKS, at, author, subjects)
            yield Fact(facts.PACK_TOKENS, at, author, subjects, tokens if isinstance(tokens, int) else 0)

    def _proposed(self, session: Session, memory_id: str) -> frozenset[Subject]:
        """The subject of a memory that the store does not have, as the session still proposes it."""
        changes = (change for change in self.sessions.changes(session) if change.id == memory_id)
        return next(map(_subject, changes), frozenset())


def _subject(candidate: Candidate) -> frozenset[Subject]:
    memory = candidate.after or candidate.before
    return frozenset([Subject(memory.topic, memory.type)] if memory else [])
