"""The sessions of which this clone knows, open, ended or promoted: dreams, and all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from memcli.core.session.names import is_dream
from memcli.core.session.state import Session
from memcli.operations.provenance.standing_commits import StandingCommit
from memcli.sessions import Sessions


@dataclass(frozen=True)
class KnownSessions:
    """Sessions by name, and the names of the open ones; a session without a ref is as it was promoted last."""

    sessions: Sessions
    by_name: Mapping[str, Session]
    open: frozenset[str]

    @staticmethod
    def of(sessions: Sessions, open_ones: Iterable[str], commits: Iterable[StandingCommit]) -> KnownSessions:
        """The sessions with a ref, the open ones by name, and those that the commits (newest first) have promoted."""
        known = {session.name: session for session in sessions.all(ended=True)}
        for commit in commits:
            if commit.session_tip and commit.session not in known:
                session = sessions.at(commit.session, commit.session_tip)
                known |= {commit.session: session} if session else {}
        return KnownSessions(sessions, known, frozenset(open_ones))

    @cached_property
    def dreams(self) -> tuple[Session, ...]:
        """The dreams, by name, which is their time."""
        return tuple(self.by_name[name] for name in sorted(self.by_name) if is_dream(name))

    @cached_property
    def of_work(self) -> tuple[Session, ...]:
        """All others, by name."""
        return tuple(self.by_name[name] for name in sorted(self.by_name) if not is_dream(name))
