"""`mem review`: the pull request page of a session, and the inbox of all that wait."""

from __future__ import annotations

from memcli.core.session.state import BRANCH_MERGED, Session
from memcli.errors import NotFound
from memcli.operations.review.gate import Review, run_gate
from memcli.operations.sessions.list import SessionSummary, list_sessions
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace


def review_session(workspace: Workspace, name: str) -> Review:
    """The gate's view of a session, its worktree saved and its queued writes carried out where that is possible."""
    save_if_present(workspace, name)
    drain_before_reading(workspace)
    return run_gate(workspace, workspace.sessions.load(name))


def waiting_sessions(workspace: Workspace) -> list[tuple[Session, int]]:
    """(session, number of candidates) of every session that proposes something, most recent first."""
    return [(one.session, len(one.candidates)) for one in list_sessions(workspace) if one.candidates]


def review_inbox(workspace: Workspace) -> list[SessionSummary]:
    """What waits, first of all the sessions whose code branch was merged: their work is done."""
    found = [one for one in list_sessions(workspace) if one.candidates]
    return sorted(found, key=lambda one: one.branch != BRANCH_MERGED)


def choose_session(workspace: Workspace, name: str | None) -> str:
    """The session a command means: the one named, the caller's, or the only one that waits. Raises NotFound."""
    drain_before_reading(workspace)
    chosen = name or workspace.selection.name
    if chosen and (name or workspace.selection.is_open(chosen)):
        return chosen
    found = waiting_sessions(workspace)
    if len(found) == 1:
        return found[0][0].name
    names = ", ".join(session.name for session, _ in found)
    raise NotFound(
        f"name the session; waiting: {names}" if found else "no session waits for review",
        "'mem review --inbox' lists what waits" if found else "'mem add' starts one",
    )
