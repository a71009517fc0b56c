"""`mem check`: the reviews of one session, or of all that await one, without promoting anything."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.review.verdict import BLOCKED
from memcli.operations.review.gate import Review
from memcli.operations.review.review import review_session, waiting_sessions
from memcli.operations.sessions.list import list_sessions
from memcli.workspace import Workspace


@dataclass(frozen=True)
class CheckResult:
    """The reviews of the sessions that were checked."""

    reviews: tuple[Review, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether a finding blocks one of the sessions."""
        return any(review.verdict == BLOCKED for review in self.reviews)


def check_sessions(workspace: Workspace, name: str | None) -> CheckResult:
    """The review of a session; without a name, of every session that awaits one. Raises NotFound."""
    names = [name] if name else [session.name for session, _ in waiting_sessions(list_sessions(workspace))]
    return CheckResult(tuple(review_session(workspace, session) for session in names))
