"""`mem session close`: end the work in a session."""

from __future__ import annotations

from dataclasses import dataclass, replace

from memcli.actor import Actor
from memcli.core.finding import Finding
from memcli.core.session import trailers
from memcli.core.session.entry_verbs import SAVE
from memcli.core.session.state import CLOSED, OPEN
from memcli.git.worktrees import Worktree
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.record import record_entry
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.operations.writing.worktree_sync import remove_if_saved
from memcli.state.journal import Journal, JournalEntry
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ClosedSession:
    """`waiting`: the number of candidates to review; without any the session has ended, and `warnings` tell what of its
    files stays. With `findings` about files that cannot be saved it is not closed, and `state` is `open`."""

    session: str
    state: str
    waiting: int
    warnings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def close_entry(actor: Actor, journal: Journal, name: str) -> JournalEntry:
    """The entry that closes a session, behind one that saves its worktree once more: whoever carries them out saves
    what was written until then."""
    journal.append(replace(actor.entry(SAVE, name), note={"summary": name}))
    return actor.entry("close", name, note={"summary": name, trailers.STATE: CLOSED})


def close_session(workspace: Workspace, name: str) -> ClosedSession:
    """Save the worktree, then close the session; its candidates await review. Raises NotFound.

    A session with files that cannot be saved stays open.
    """
    drain_before_reading(workspace)
    session = with_waiting_entries(workspace).sessions.load(name)
    save_if_present(workspace, name)
    if refused := unsaved_files(workspace, name).refused:
        sessions = with_waiting_entries(workspace).sessions
        count = len(sessions.candidates(sessions.load(name)))
        return ClosedSession(name, OPEN, count, findings=refused)
    written = record_entry(workspace, close_entry(workspace.actor, workspace.journal, session.name))
    workspace.selection.forget(name)
    sessions = with_waiting_entries(workspace).sessions
    closed = sessions.load(name, ended=True)
    worktree, warnings = Worktree(workspace.layout, workspace.odb, name), tuple[str, ...]()
    if workspace.selection.has_ended(name):
        warnings = remove_if_saved(workspace.store, worktree, closed.tip)
    return ClosedSession(name, written.state, len(sessions.candidates(closed)), warnings)
