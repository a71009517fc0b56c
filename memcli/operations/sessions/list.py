"""`mem session list` and `show`: sessions with what they propose."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.review.candidates import Candidate
from memcli.core.session.state import CLOSED, OPEN, Session
from memcli.errors import NotFound
from memcli.operations.writing.transaction import drain_before_reading
from memcli.sessions import session_name
from memcli.workspace import Workspace


@dataclass(frozen=True)
class SessionSummary:
    """A session, its candidates, and what became of its code branch: `merged`, `gone` or None."""

    session: Session
    candidates: tuple[Candidate, ...]
    branch: str | None = None


def session_or_current(workspace: Workspace, name: str | None) -> str:
    """The session a command means: the one named, else the caller's. Raises NotFound, Usage."""
    chosen = name or workspace.selection.name
    if chosen is None:
        raise NotFound("no session is current", "name one: 'mem session list', or 'mem session start NAME'")
    return session_name(chosen)


def list_sessions(workspace: Workspace, ended: bool = False) -> list[SessionSummary]:
    """Open sessions, most recently updated first; with `ended`, the others too."""
    drain_before_reading(workspace)
    return [_listed(workspace, one) for one in workspace.sessions.all(ended=ended)]


def session_summary(workspace: Workspace, name: str) -> SessionSummary:
    """One session, open or ended. Raises NotFound."""
    drain_before_reading(workspace)
    return _listed(workspace, workspace.sessions.load(name, ended=True))


def _listed(workspace: Workspace, session: Session) -> SessionSummary:
    from memcli.operations.provenance.code_branches import branch_state

    branch = branch_state(workspace.layout, session) if session.state in (OPEN, CLOSED) else None
    return SessionSummary(session, tuple(workspace.sessions.candidates(session)), branch)
