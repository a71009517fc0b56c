"""What follows the end of a session, for the name under which its harness knows it.

A session that was promoted while its agent was at work has ended under that name and continues under another one.
"""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.session.entry_verbs import END, SAVE
from memcli.git.layout import Layout, session_worktrees
from memcli.git.worktrees import Worktree
from memcli.operations.events.end_steps import EndSteps, ending_session, is_unfinished
from memcli.operations.events.lifecycle import record_event
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.worktree_sync import remove_if_saved
from memcli.state.liveness import is_abandoned, remove_marks
from memcli.workspace import Workspace

WORKER = "mem"
"""The agent that processes a session which has none."""


@dataclass(frozen=True)
class SessionEnd:
    """The end of one session."""

    workspace: Workspace
    name: str

    def process(self) -> None:
        """Run the remaining steps; safe to retry. Raises MemError, to be continued later."""
        workspace = self.workspace
        self._save_late_edits()
        drain_before_reading(workspace)
        name = workspace.selection.successor(self.name)
        if ending_session(workspace.selection, workspace.sessions, name):
            SessionEnd(workspace, name).steps.run()
        mem_dir = workspace.layout.mem_dir
        if not is_unfinished(workspace.selection, workspace.sessions, name) and is_abandoned(mem_dir, self.name):
            remove_marks(mem_dir, self.name)
            self._delete_files(name)

    @property
    def steps(self) -> EndSteps:
        """The steps, as the session's agent would take them where its files are. Raises NotFound."""
        session = self.workspace.sessions.load(self.name)
        layout = self._worktree or self.workspace.layout
        return EndSteps(self.workspace.in_worktree(layout, self.name, session.agent or WORKER), self.name)

    @property
    def _worktree(self) -> Layout | None:
        return dict(session_worktrees(self.workspace.layout)).get(self.name)

    def _save_late_edits(self) -> None:
        """Save what was written into the files since the promotion, and end the successor that it goes to."""
        workspace = self.workspace
        if not workspace.selection.has_ended(self.name) or not self._worktree:
            return
        record_event(workspace.journal, workspace.actor, SAVE, self.name, {"event": "end"})
        drain_before_reading(workspace)
        successor = workspace.selection.successor(self.name)
        if workspace.selection.is_open(successor) and workspace.sessions.load(successor).ended is None:
            record_event(workspace.journal, workspace.actor, END, successor, {"summary": "end"})

    def _delete_files(self, successor: str) -> None:
        """Delete the files of a session that has ended, unless something in them is in no commit."""
        layout = self._worktree
        if layout and self.workspace.selection.has_ended(self.name):
            there = self.workspace.in_worktree(layout, self.name, None)
            worktree = Worktree(there.layout, there.odb, self.name)
            remove_if_saved(there.store, worktree, self.workspace.sessions.load(successor, ended=True).tip)
