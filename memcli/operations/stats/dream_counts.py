"""How many dreams there were, and what became of the changes that they proposed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from memcli.core.session.names import is_dream
from memcli.core.session.state import Session
from memcli.errors import MemError
from memcli.operations.provenance.standing_commits import StandingCommit
from memcli.operations.stats.counts import DreamCounts
from memcli.operations.stats.known_sessions import KnownSessions


def count_dreams(known: KnownSessions, commits: Iterable[StandingCommit], since: datetime | None) -> DreamCounts:
    """The dreams that began at or after an instant (None: all), what they propose now, and what was promoted or
    reverted since."""
    dreams = [session for session in known.dreams if _is_since(session.started, since)]
    later = [commit for commit in commits if is_dream(commit.session) and _is_since(commit.commit.at, since)]
    return DreamCounts(
        run=len(dreams),
        promoted=sum(len(commit.promoted) for commit in later if commit.session_tip),
        rejected=sum(len(session.rejections) for session in dreams),
        waiting=sum(_proposed(known, session) for session in known.dreams if session.name in known.open),
        reverted=sum(len(commit.taken_back) for commit in later if not commit.session_tip),
    )


def _is_since(at: datetime | None, since: datetime | None) -> bool:
    return since is None or (at is not None and at >= since)


def _proposed(known: KnownSessions, dream: Session) -> int:
    try:
        return len(known.sessions.candidates(dream))
    except MemError:
        return 0  # this clone does not have the dream's objects
