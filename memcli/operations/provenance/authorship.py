"""Which session wrote a line of code or made a commit, and what it had read before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from memcli.branch import READS
from memcli.core.memory.instants import parse_instant
from memcli.core.session.reads import Read, read_lines
from memcli.core.session.state import Session
from memcli.git.layout import shallow_commits
from memcli.operations.provenance.attribution import Attribution, CommitAttribution
from memcli.operations.provenance.code_line import CodeLinePlace
from memcli.operations.provenance.commit_claims import CommitClaims
from memcli.operations.provenance.commit_facts import CommitFacts
from memcli.operations.provenance.commit_parts import CommitHistory
from memcli.operations.provenance.session_records import SessionCommit, SessionRecords
from memcli.sessions import Sessions
from memcli.state.journal import Journal


@dataclass(frozen=True)
class CommitOrigin:
    """Whose work it is, the session's state, None where only its name is known, and its reads until then, oldest
    first."""

    attribution: Attribution
    state: Session | None = None
    reads: tuple[Read, ...] = ()

    @property
    def session(self) -> str:
        """The session's name; empty where nobody is known."""
        return self.attribution.session


@dataclass(frozen=True)
class Authorship:
    """Finds the sessions of code commits and lines, by what sessions recorded and what still waits in the journal."""

    records: SessionRecords
    sessions: Sessions
    journal: Journal

    @cached_property
    def _history(self) -> CommitHistory:
        return CommitHistory(self.records.store.odb, CommitClaims.of(self.records, self.journal))

    def of_line(self, commit: str, place: CodeLinePlace) -> CommitOrigin:
        """Who wrote a line that a commit added."""
        return self._origin(self.attribution(commit).of_line(place))

    def of_commit(self, commit: str) -> list[CommitOrigin]:
        """The sessions that have a part in a commit, the one with the largest first."""
        return [self._origin(answer) for answer in self.attribution(commit).of_commit()]

    def attribution(self, commit: str) -> CommitAttribution:
        """What tells the authors of a commit's lines."""
        is_cut_off = commit in shallow_commits(self.records.layout)
        return CommitAttribution(CommitFacts(self._history, commit, is_cut_off))

    def _origin(self, answer: Attribution) -> CommitOrigin:
        if answer.made is None:
            return CommitOrigin(answer)
        session, until = answer.made.session, _instant(answer.made.at)
        if not session.commit:  # known from a trailer or the journal: look for the session itself
            session = self.records.latest(session.session) or session
        state = self.sessions.at(session.session, session.commit) if session.commit else None
        reads = {(read.at, read.sha256, read.query): read for read in self._reads(session)}
        dated = [(at, read) for read in reads.values() if (at := _instant(read.at))]
        before = [(at, read) for at, read in dated if until and at <= until]
        return CommitOrigin(answer, state, tuple(read for _, read in sorted(before, key=lambda pair: pair[0])))

    def _reads(self, session: SessionCommit) -> Iterator[Read]:
        """What the session recorded by that commit, and what still waits in the journal."""
        if session.commit:
            yield from read_lines(self.records.text(session, READS))
        for entry in self.journal.entries(session.session):
            yield from read_lines(entry.note.get("read", ""))


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None
