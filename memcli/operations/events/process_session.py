"""The session of a process that serves an agent for long, such as `mem mcp`: it ends with the process.

No hook tells of such an agent. So the first write marks the session, and it is ended when the process goes; where that
is killed, or its harness is known to go on, whoever looks for abandoned sessions next ends it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from memcli.core.session.entry_verbs import END
from memcli.errors import MemError
from memcli.operations.events.lifecycle import SessionLifecycle, record_event
from memcli.operations.writing.session_process import harness_processes
from memcli.state.liveness import mark_ended, mark_processes
from memcli.system.detached import detached
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ProcessSession:
    """The session that a call of this process writes into."""

    workspace: Workspace
    name: str

    def mark(self) -> None:
        """Mark the session as that of the harness above us, so that the commands in its shell find it too; where there
        is none, as this process's own. End those whose process is gone."""
        agent, mem_dir = self.workspace.config.agent or "", self.workspace.layout.mem_dir
        with suppress(MemError, OSError):  # below a read-only `.git` nothing is marked
            mark_processes(mem_dir, self.name, self._harness or [os.getpid()], agent)
            if self._lifecycle.end_abandoned():
                self._start_worker("")

    def end(self) -> None:
        """Record the end, unless the harness above us may go on, and start what follows it as a process of its own."""
        workspace = self.workspace
        with suppress(MemError, OSError):
            if not self._harness:
                record_event(workspace.journal, workspace.actor, END, self.name, {"summary": "end"})
                mark_ended(workspace.layout.mem_dir, self.name)
                self._start_worker(self.name)

    @cached_property
    def _harness(self) -> Sequence[int]:
        workspace = self.workspace
        return harness_processes(workspace.layout, os.getppid(), workspace.config.agent or "") or ()

    @property
    def _lifecycle(self) -> SessionLifecycle:
        workspace = self.workspace
        return SessionLifecycle(
            workspace.layout, workspace.selection, workspace.sessions, workspace.journal, workspace.actor
        )

    def _start_worker(self, session: str) -> None:
        config = self.workspace.config
        detached(["worker", session], str(config.directory), config.worker_environment)
