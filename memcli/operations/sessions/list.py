"""`mem session list`: sessions with their candidates."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.finding import Finding
from memcli.core.review.candidates import Candidate
from memcli.core.session.state import CLOSED, OPEN, Session
from memcli.errors import NotFound
from memcli.git.layout import Layout
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.selection import session_meant
from memcli.sessions import Sessions
from memcli.workspace import Workspace


@dataclass(frozen=True)
class SessionSummary:
    """A session, its candidates, the state of its code branch (`merged`, `gone` or None), and for `show` the findings
    about files that are not saved."""

    session: Session
    candidates: tuple[Candidate, ...]
    branch: str | None = None
    findings: tuple[Finding, ...] = ()


def session_or_current(workspace: Workspace, name: str | None) -> str:
    """The session a command is about: the one named, else the caller's. Raises NotFound, Usage."""
    chosen = name or workspace.selection.name
    if chosen is None:
        raise NotFound(
            "you have no current session", "pass a name from 'mem session list', or run 'mem session start NAME'"
        )
    return session_meant(workspace.layout, chosen)


def list_sessions(workspace: Workspace, ended: bool = False) -> list[SessionSummary]:
    """Open sessions, most recently updated first; with `ended`, ended ones too, and standing ones that hold nothing."""
    drain_before_reading(workspace)
    ahead = with_waiting_entries(workspace)
    sessions, layout = ahead.sessions, ahead.layout
    summaries = [summarise_session(session, sessions, layout) for session in sessions.all(ended=ended)]
    return [summary for summary in summaries if ended or summary.candidates or not summary.session.goes_on]


def summarise_session(session: Session, sessions: Sessions, layout: Layout) -> SessionSummary:
    """A session with its candidates and the state of its code branch."""
    from memcli.operations.provenance.branch_fate import branch_state

    branch = branch_state(layout, session) if session.state in (OPEN, CLOSED) else None
    return SessionSummary(session, tuple(sessions.candidates(session)), branch)
