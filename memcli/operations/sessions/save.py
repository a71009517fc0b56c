"""`mem session save`: what was written in a session's worktree becomes candidates, by memory and three-way."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.finding import Finding
from memcli.core.session.verbs import SAVE
from memcli.entries import entry_for
from memcli.errors import NotFound
from memcli.git.worktrees import Worktree
from memcli.operations.writing.record import COMMITTED, record
from memcli.operations.writing.session_files import refresh, written
from memcli.workspace import Workspace


@dataclass(frozen=True)
class SavedSession:
    """`saved`: the paths recorded; `findings`: files that could not be, each with the line; `strays`: other files."""

    session: str
    state: str
    saved: tuple[str, ...]
    findings: tuple[Finding, ...]
    strays: tuple[str, ...]


def save_if_present(workspace: Workspace, name: str) -> SavedSession | None:
    """Save the session's worktree where it has one."""
    worktree = Worktree(workspace.layout, workspace.odb, name)
    if not worktree.exists or not workspace.selection.is_open(name):
        return None
    return save_session(workspace, name)


def save_session(workspace: Workspace, name: str) -> SavedSession:
    """Record every changed file of the worktree as one operation, then let HEAD and the unchanged files follow.

    Raises NotFound where the session is not open or has no worktree.
    """
    worktree = Worktree(workspace.layout, workspace.odb, name)
    workspace.sessions.load(name)
    if not worktree.exists:
        raise NotFound(f"the session {name} has no worktree", f"'mem session path --session {name}' makes one")
    found, state = written(workspace, worktree, name), COMMITTED
    if found.edits:
        state = record(workspace, entry_for(workspace, SAVE, name, found.edits, {"summary": found.summary})).state
    if state == COMMITTED:
        refresh(workspace, worktree, name, {edit.path: edit.text for edit in found.edits})
    return SavedSession(name, state, tuple(edit.path for edit in found.edits), found.findings, found.strays)
