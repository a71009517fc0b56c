"""`mem session close`: end the work in a session."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.session import trailers
from memcli.core.session.state import CLOSED
from memcli.git.worktrees import Worktree
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.record import record_entry
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.worktree_sync import remove_if_saved
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ClosedSession:
    """`waiting`: the number of candidates to review; without any the session has ended, and `warnings` tell what of its
    files stays."""

    session: str
    state: str
    waiting: int
    warnings: tuple[str, ...] = ()


def close_session(workspace: Workspace, name: str) -> ClosedSession:
    """Save the worktree, then close the session; its candidates await review. Raises NotFound."""
    drain_before_reading(workspace)
    session = workspace.sessions.load(name)
    save_if_present(workspace, name)
    note = {"summary": name, trailers.STATE: CLOSED}
    written = record_entry(workspace, workspace.actor.entry("close", session.name, note=note))
    if workspace.selection.current() == name:
        workspace.selection.remember(None)
    closed = workspace.sessions.load(name, ended=True)
    worktree, warnings = Worktree(workspace.layout, workspace.odb, name), tuple[str, ...]()
    if workspace.selection.has_ended(name):
        warnings = remove_if_saved(workspace.store, worktree, closed.tip)
    return ClosedSession(name, written.state, len(workspace.sessions.candidates(closed)), warnings)
