"""Which session made a code commit, and what it had read before.

A commit's own trailer counts first, then what sessions recorded. A commit made from others, by amending, rebasing or
squashing, belongs to the session that made the first one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from memcli.branch import COMMITS, READS
from memcli.core.memory.instants import parse_instant
from memcli.core.session.code_commits import (
    CodeCommit,
    commit_lines,
    commits_noted,
    earlier_forms,
    session_named,
    squashed_commits,
)
from memcli.core.session.entry_verbs import COMMIT, REWRITE
from memcli.core.session.reads import Read, read_lines
from memcli.core.session.state import Session
from memcli.operations.provenance.session_records import SessionCommit, SessionRecords
from memcli.sessions import Sessions
from memcli.state.journal import Journal


@dataclass(frozen=True)
class CommitOrigin:
    """The session of a code commit and its reads until then, oldest first; `state` is None where only its name is
    known."""

    session: str
    state: Session | None
    reads: tuple[Read, ...]


@dataclass
class _Claims:
    """What sessions recorded about commits: which ones they made (by commit, then session), and what these replace."""

    made: dict[str, dict[str, tuple[SessionCommit, str]]] = field(default_factory=dict)
    replaced: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, session: SessionCommit, commits: Iterable[CodeCommit]) -> None:
        for commit in commits:
            if commit.was:
                self.replaced.setdefault(commit.id, []).append((session.session, commit.was))
            else:
                self.made.setdefault(commit.id, {}).setdefault(session.session, (session, commit.at))

    def earlier(self) -> dict[str, list[str]]:
        """The commits that each commit replaces. A session can give away a commit of its own, not another's."""
        return {
            commit: [old for session, old in claims if commit not in self.made or session in self.made[commit]]
            for commit, claims in self.replaced.items()
        }


@dataclass(frozen=True)
class Authorship:
    """Finds the sessions of code commits, by what sessions recorded and what still waits in the journal."""

    records: SessionRecords
    sessions: Sessions
    journal: Journal

    def origin(self, commit: str) -> CommitOrigin | None:
        """The session that made a code commit, None where none recorded it."""
        claims, odb = self._claims(), self.records.store.odb
        message, earlier = odb.commit(commit).message, claims.earlier()
        named = session_named(message)
        earlier.setdefault(commit, []).extend(squashed_commits(message))
        makers = (maker for form in earlier_forms(commit, earlier) for maker in claims.made.get(form, {}).values())
        maker = next((maker for maker in makers if named in (None, maker[0].session)), None)
        if maker:
            return self._origin(maker[0], _instant(maker[1]))
        return self._origin(SessionCommit(named, ""), odb.authored(commit)) if named else None

    def _claims(self) -> _Claims:
        claims = _Claims()
        for entry in self.journal.readable():
            if entry.verb in (COMMIT, REWRITE):
                claims.add(SessionCommit(entry.session, ""), commits_noted(entry.verb, entry.note, entry.at))
        for session, text in self.records.texts(COMMITS):
            claims.add(session, commit_lines(text))
        return claims

    def _origin(self, session: SessionCommit, until: datetime | None) -> CommitOrigin:
        if not session.commit:  # known from a trailer or the journal: look for the session itself
            session = self.records.latest(session.session) or session
        state = self.sessions.at(session.session, session.commit) if session.commit else None
        reads = {(read.at, read.sha256, read.query): read for read in self._reads(session)}
        dated = [(at, read) for read in reads.values() if (at := _instant(read.at))]
        before = [(at, read) for at, read in dated if until and at <= until]
        return CommitOrigin(session.session, state, tuple(read for _, read in sorted(before, key=lambda pair: pair[0])))

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
