"""The background process that a session's end starts: it processes ended sessions, dreams and updates the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from memcli.core.session.state import Session
from memcli.errors import MemError
from memcli.operations.dream.dream import AGENT, run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.events.lifecycle import SessionLifecycle, merged_sessions
from memcli.operations.events.session_end import SessionEnd
from memcli.operations.recall.index import sync_index
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.worktree_sync import settle_removed
from memcli.state.hook_log import append_failure, append_success
from memcli.state.liveness import abandoned_sessions
from memcli.state.lock import hold
from memcli.workspace import Workspace

WAIT = 900.0
"""Seconds to wait for another worker, which may be waiting for a curator."""
EVENT = "worker"
"""Its name in the hook log."""


def run_worker(workspace: Workspace, session: str | None = None) -> None:
    """Process a session and all others that have ended; one worker at a time. Failures go to the hook log."""
    mem_dir = workspace.layout.mem_dir
    with hold(Path(mem_dir, "worker.lock"), WAIT) as held:
        results = [_run_job(job, mem_dir) for job in _Jobs(workspace).all(session)] if held else [False]
        if all(results):
            append_success(mem_dir, EVENT)


@dataclass(frozen=True)
class _Job:
    name: str
    run: Callable[[], object]


def _run_job(job: _Job, mem_dir: str) -> bool:
    """Whether a job succeeded; after a failure the next one runs all the same."""
    try:
        job.run()
    except (MemError, OSError) as error:
        append_failure(mem_dir, EVENT, f"{job.name}: {getattr(error, 'message', '') or error}")
        return False
    return True


@dataclass(frozen=True)
class _Jobs:
    workspace: Workspace

    def all(self, session: str | None) -> Iterator[_Job]:
        """Each job, found when the one before it is done."""
        workspace = self.workspace
        yield _Job("sweep", self._end_abandoned)
        abandoned = [name for name, _ in abandoned_sessions(workspace.layout.mem_dir)]
        for name in dict.fromkeys([*([session] if session else []), *abandoned]):
            yield _Job(name, SessionEnd(workspace, name).process)
        for merged in merged_sessions(workspace.sessions, workspace.layout):
            yield _Job(merged.name, partial(self._promote, merged))
        yield _Job("dream", lambda: run_dream(workspace.in_session(None, AGENT), DreamRequest(auto=True)))
        yield _Job("index", lambda: sync_index(workspace))

    def _promote(self, session: Session) -> None:
        SessionEnd(self.workspace, session.name).steps.promote_if_allowed(session)

    def _end_abandoned(self) -> None:
        workspace = self.workspace
        SessionLifecycle(
            workspace.layout, workspace.selection, workspace.sessions, workspace.journal, workspace.actor
        ).end_abandoned()
        drain_before_reading(workspace)
        settle_removed(workspace.layout, workspace.odb)
