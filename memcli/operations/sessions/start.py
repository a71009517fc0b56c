"""`mem session start` and `resume`: begin an isolated line of work, or find one again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.review.private import without_private
from memcli.core.session import trailers
from memcli.core.session.state import OPEN, Session
from memcli.entries import entry_for
from memcli.errors import Conflict, NotFound
from memcli.operations.sessions.path import prepare_worktree
from memcli.operations.writing.record import COMMITTED, SPOOLED, record
from memcli.operations.writing.transaction import drain_before_reading
from memcli.sessions import new_session_name
from memcli.workspace import Workspace


@dataclass(frozen=True)
class StartedSession:
    """`worktree` is None where none was asked for; `resumed`: the session was there already."""

    session: str
    base: str
    worktree: Path | None
    state: str
    resumed: bool = False


def start_session(
    workspace: Workspace, name: str | None = None, task: str = "", worktree: bool = False
) -> StartedSession:
    """Start a session and make it the actor's current one. Raises Usage, Conflict where the name is taken."""
    chosen = new_session_name(name or workspace.fresh_session())
    if workspace.selection.is_open(chosen):
        raise Conflict(f"a session {chosen!r} is open already", f"'mem session resume {chosen}' goes on with it")
    if workspace.selection.has_ended(chosen):
        raise Conflict(
            f"a session {chosen!r} has ended", "choose another name; 'mem session list --all' shows the old one"
        )
    base = workspace.main()[1]
    task, _ = without_private(task)
    summary = task.strip().splitlines()[0][:100] if task.strip() else chosen
    entry = entry_for(workspace, "start", chosen, note={"task": task.strip(), "summary": summary})
    written = record(workspace, entry)
    workspace.selection.remember(chosen)
    place = None
    if worktree and written.state != SPOOLED:
        place = prepare_worktree(workspace, chosen)
    return StartedSession(chosen, base, place, written.state)


def resume_session(workspace: Workspace, text: str, worktree: bool = False) -> StartedSession:
    """Find an open session by name or by its harness's id and make it the actor's current one."""
    drain_before_reading(workspace)
    found = [one for one in workspace.sessions.all() if text in (one.name, one.harness_id)]
    if not found:
        known = ", ".join(workspace.selection.open_names()) or "none"
        raise NotFound(f"no open session {text!r} (open: {known})", "'mem session start' begins one")
    session = found[0]
    state = COMMITTED if session.state == OPEN else _reopen(workspace, session)
    workspace.selection.remember(session.name)
    place = prepare_worktree(workspace, session.name) if worktree else None
    return StartedSession(session.name, session.base, place, state, resumed=True)


def _reopen(workspace: Workspace, session: Session) -> str:
    note = {"summary": session.name, trailers.STATE: OPEN}
    entry = replace(entry_for(workspace, "reopen", session.name), note=note)
    return record(workspace, entry).state
