"""The session of a process that serves an agent for long, such as `mem mcp`: it ends with the process.

No hook tells of such an agent. So the process marks the session as its own when the first write begins it, and ends it
when it goes; where it is killed, whoever looks for abandoned sessions next ends it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

from memcli.core.session.entry_verbs import END
from memcli.errors import MemError
from memcli.operations.events.lifecycle import SessionLifecycle, record_event
from memcli.state.liveness import is_marked, mark_alive, mark_ended
from memcli.system.detached import detached
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ProcessSession:
    """The session that a call of this process writes into."""

    workspace: Workspace
    name: str

    def mark(self) -> None:
        """Mark the session as this process's unless somebody has marked it, and end those whose process is gone."""
        mem_dir = self.workspace.layout.mem_dir
        with suppress(MemError, OSError):  # below a read-only `.git` nothing is marked
            if not is_marked(mem_dir, self.name):
                mark_alive(mem_dir, self.name, os.getpid())
                if self._lifecycle.end_abandoned():
                    self._start_worker("")

    def end(self) -> None:
        """Record the end, and start what follows it as a process of its own."""
        workspace = self.workspace
        with suppress(MemError, OSError):
            record_event(workspace.journal, workspace.actor, END, self.name, {"summary": "end"})
            mark_ended(workspace.layout.mem_dir, self.name)
            self._start_worker(self.name)

    @property
    def _lifecycle(self) -> SessionLifecycle:
        workspace = self.workspace
        return SessionLifecycle(
            workspace.layout, workspace.selection, workspace.sessions, workspace.journal, workspace.actor
        )

    def _start_worker(self, session: str) -> None:
        config = self.workspace.config
        detached(["worker", session] if session else ["worker"], str(config.directory), config.worker_environment)
