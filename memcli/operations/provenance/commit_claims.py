"""What sessions recorded about code commits: which ones they made, what these replace, and their fingerprints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from memcli.branch import COMMITS, FINGERPRINTS
from memcli.core.session.code_commits import CodeCommit, commit_lines, commits_noted
from memcli.core.session.entry_verbs import COMMIT, REWRITE
from memcli.core.session.fingerprint import Fingerprint, fingerprint_lines
from memcli.operations.provenance.session_records import SessionCommit, SessionRecords
from memcli.state.journal import Journal


@dataclass(frozen=True)
class MadeCommit:
    """A code commit as its session recorded it, at an instant (RFC 3339)."""

    session: SessionCommit
    commit: str
    at: str


@dataclass
class CommitClaims:
    """`made`: {commit: {session: record}}; `replaced`: {commit: [(session, the commit before)]}."""

    records: SessionRecords
    made: dict[str, dict[str, MadeCommit]] = field(default_factory=dict)
    replaced: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @staticmethod
    def of(records: SessionRecords, journal: Journal) -> CommitClaims:
        """The claims of all sessions that this clone knows, those that wait in the journal first."""
        claims = CommitClaims(records)
        for entry in journal.readable():
            if entry.verb in (COMMIT, REWRITE):
                claims._add(SessionCommit(entry.session, ""), commits_noted(entry.verb, entry.note, entry.at))
        for session, text in records.texts(COMMITS):
            claims._add(session, commit_lines(text))
        return claims

    def _add(self, session: SessionCommit, commits: Iterable[CodeCommit]) -> None:
        for commit in commits:
            if commit.was:
                self.replaced.setdefault(commit.id, []).append((session.session, commit.was))
            else:
                made = MadeCommit(session, commit.id, commit.at)
                self.made.setdefault(commit.id, {}).setdefault(session.session, made)

    def earlier(self, commit: str) -> list[str]:
        """The commits that a commit replaces. A session can give away a commit of its own, not another's."""
        owners = self.made.get(commit)
        return [old for session, old in self.replaced.get(commit, ()) if owners is None or session in owners]

    @cached_property
    def prints(self) -> dict[str, list[Fingerprint]]:
        """{session: the fingerprints of its commits}."""
        prints = defaultdict[str, dict[str, Fingerprint]](dict)
        for session, text in self.records.texts(FINGERPRINTS):
            for each in fingerprint_lines(text):
                prints[session.session].setdefault(each.commit, each)
        return {session: list(of_commits.values()) for session, of_commits in prints.items()}

    @cached_property
    def sessions(self) -> dict[str, list[MadeCommit]]:
        """{session: the commits that it made}."""
        commits = defaultdict[str, list[MadeCommit]](list)
        for makers in self.made.values():
            for session, made in makers.items():
                commits[session].append(made)
        return commits

    def makers(self, commit: str) -> dict[str, MadeCommit]:
        """The sessions that recorded a commit as theirs, or kept a fingerprint of it."""
        return self.made.get(commit, {}) | {
            session: self._rewritten(session, each)
            for session, prints in self.prints.items()
            for each in prints
            if each.commit == commit and session not in self.made.get(commit, {})
        }

    def _rewritten(self, session: str, each: Fingerprint) -> MadeCommit:
        made = self.sessions.get(session)
        where, at = (made[-1].session, made[-1].at) if made else (SessionCommit(session, ""), "")
        return MadeCommit(where, each.commit, at)

    def print_of(self, session: str, commit: str) -> Fingerprint | None:
        """The fingerprint that a session keeps of a commit."""
        return next((each for each in self.prints.get(session, ()) if each.commit == commit), None)

    def is_whole(self, session: str) -> bool:
        """Whether all lines are known that the session's commits added."""
        prints = self.prints.get(session, ())
        return bool(prints) and all(each.is_whole for each in prints)
