"""`mem session start` and `resume`: begin a session, or continue one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from memcli.branch import open_sessions, store_to_write
from memcli.core.review.recorded_text import recordable
from memcli.core.session import trailers
from memcli.core.session.names import is_standing_name
from memcli.core.session.state import OPEN
from memcli.errors import Conflict, NotFound, Usage
from memcli.operations.sessions.path import prepare_worktree
from memcli.operations.writing.record import COMMITTED, SPOOLED, record_entry
from memcli.operations.writing.transaction import drain_before_reading
from memcli.selection import Selection, new_session_name
from memcli.workspace import Workspace


@dataclass(frozen=True)
class StartedSession:
    """`worktree` is None unless one was asked for; `resumed`: the session existed before."""

    session: str
    base: str
    worktree: Path | None
    state: str
    resumed: bool = False


def start_session(
    workspace: Workspace, name: str | None = None, task: str = "", worktree: bool = False
) -> StartedSession:
    """Start a session and make it the actor's current one.

    Raises Usage, also for the name of the person's standing draft session; Conflict where the name is taken."""
    chosen = new_session_name(name or workspace.actor.new_session())
    if name and workspace.config.agent is None and is_standing_name(chosen, workspace.config.user):
        raise Usage(f"the name {chosen!r} is kept for your own drafts", "choose a name that tells the task")
    _refuse_taken(workspace.selection, chosen)
    base = store_to_write(workspace.layout)[1]
    task = recordable(task).strip()
    note = {"task": task, "summary": task.splitlines()[0][:100] if task else chosen}
    state = record_entry(workspace, workspace.actor.entry("start", chosen, note=note)).state
    workspace.selection.remember(chosen)
    path = prepare_worktree(workspace, chosen) if worktree and state != SPOOLED else None
    return StartedSession(chosen, base, path, state)


def _refuse_taken(selection: Selection, name: str) -> None:
    if selection.is_open(name):
        raise Conflict(f"session {name!r} is already open", f"'mem session resume {name}' continues it")
    if selection.has_ended(name):
        raise Conflict(f"session {name!r} has ended", "choose another name; 'mem session list --all' shows the old one")


def resume_session(workspace: Workspace, text: str, worktree: bool = False) -> StartedSession:
    """Make an open session, given by its name or its harness's id, the actor's current one. Raises NotFound."""
    drain_before_reading(workspace)
    sessions = (session for session in workspace.sessions.all() if text in (session.name, session.harness_id))
    session = next(sessions, None)
    if session is None:
        names = ", ".join(open_sessions(workspace.layout)) or "none"
        raise NotFound(f"no open session {text!r} (open: {names})", "'mem session start' starts one")
    state = COMMITTED
    if session.state != OPEN:
        note = {"summary": session.name, trailers.STATE: OPEN}
        state = record_entry(workspace, replace(workspace.actor.entry("reopen", session.name), note=note)).state
    workspace.selection.remember(session.name)
    path = prepare_worktree(workspace, session.name) if worktree else None
    return StartedSession(session.name, session.base, path, state, resumed=True)
