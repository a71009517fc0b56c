"""What follows the end of a session, carried out by a process of its own: saved, told, reviewed, promoted or handed on.

Invariant: progress is the session's own commits, so that whoever comes after a kill goes on at the next step; a session
that somebody has taken up again meanwhile is left to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from memcli.core.review.verdict import PROMOTABLE
from memcli.core.session import trailers
from memcli.core.session.state import CLOSED, OPEN, Session
from memcli.core.session.verbs import END, SAVE, STEP
from memcli.errors import MemError
from memcli.git.layout import session_worktrees
from memcli.git.worktrees import Worktree
from memcli.operations.curation.answers import CURATOR, REVIEWER, is_configured
from memcli.operations.curation.curate import curate, session_job
from memcli.operations.curation.reviewer import BY, approved, may_decide, opinion
from memcli.operations.dream.dream import AGENT, run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.events.episodes import write_episode
from memcli.operations.events.orphans import merged_sessions, sweep
from memcli.operations.recall.index_maintenance import sync_index
from memcli.operations.review.gate import run_gate
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.transaction import drain_before_reading, write_transaction
from memcli.operations.writing.worktree_sync import remove_if_saved
from memcli.state import liveness
from memcli.state.hook_log import failed, succeeded
from memcli.state.lock import hold
from memcli.workspace import Workspace

WAIT = 900.0
"""Seconds that a worker waits for another one, which may be waiting for a curator."""
EVENT, WORKER = "worker", "mem"
"""As `mem doctor` names it; and as whom what nobody began is ended."""


def run_worker(workspace: Workspace, session: str | None = None) -> None:
    """Work off a session, and all others that are over; one worker at a time. Failures are kept for `mem doctor`."""
    mem_dir = workspace.layout.mem_dir
    with hold(Path(mem_dir, "worker.lock"), WAIT) as held:
        well = [_tried(workspace, name, work) for name, work in _work(workspace, session)] if held else [False]
        if all(well):
            succeeded(mem_dir, EVENT)


def _work(workspace: Workspace, session: str | None) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each piece of work, found when the one before it is done."""
    yield "sweep", lambda: _swept(workspace)
    left = [name for name, _ in liveness.abandoned_sessions(workspace.layout.mem_dir)]
    for name in dict.fromkeys([*([session] if session else []), *left]):
        yield name, partial(work_off, workspace, name)
    for one in merged_sessions(workspace):
        yield one.name, partial(_promote_if_allowed, workspace, one)
    yield "dream", lambda: run_dream(workspace.in_session(None, AGENT), DreamRequest(auto=True))
    yield "index", lambda: sync_index(workspace)


def _swept(workspace: Workspace) -> None:
    sweep(workspace)
    drain_before_reading(workspace)


def _tried(workspace: Workspace, name: str, work: Callable[[], object]) -> bool:
    """One piece of work, and whether it succeeded; that it fails is no reason to leave out the next one."""
    try:
        work()
    except (MemError, OSError) as error:
        failed(workspace.layout.mem_dir, EVENT, f"{name}: {getattr(error, 'message', '') or error}")
        return False
    return True


def work_off(workspace: Workspace, name: str) -> None:
    """All that follows the end of a session, from where it was left. Raises MemError, to be gone on with later."""
    _save_what_was_written_on(workspace, name)
    drain_before_reading(workspace)
    marked, name = name, workspace.selection.successor(name)  # promoted under way, it has gone on under another name
    if _session(workspace, name):
        home = _home(workspace, name)
        save_if_present(home, name)
        for step, act in STEPS.items():
            _step(home, name, step, act)
        save_if_present(home, name)  # the files follow what the steps have changed, else they would be kept as unsaved
        _hand_on(home, name)
    if not _goes_on(workspace, name) and liveness.is_abandoned(workspace.layout.mem_dir, marked):
        liveness.remove_marks(workspace.layout.mem_dir, marked)
        _tidied(workspace, marked, name)


def _save_what_was_written_on(workspace: Workspace, name: str) -> None:
    """A session that was promoted while its agent was at work keeps its files; what came later goes on elsewhere."""
    if not workspace.selection.has_ended(name) or name not in dict(session_worktrees(workspace.layout)):
        return
    workspace.journal.append(replace(workspace.actor.entry(SAVE, name), note={"event": "end"}))
    drain_before_reading(workspace)
    later = workspace.selection.successor(name)
    if workspace.selection.is_open(later) and workspace.sessions.load(later).ended is None:
        workspace.journal.append(replace(workspace.actor.entry(END, later), note={"summary": "end"}))


def _tidied(workspace: Workspace, marked: str, name: str) -> None:
    layout = dict(session_worktrees(workspace.layout)).get(marked)
    if layout and workspace.selection.has_ended(marked):
        home = workspace.in_worktree(layout, marked, None)
        worktree = Worktree(home.layout, home.odb, marked)
        remove_if_saved(home.store, worktree, workspace.sessions.load(name, ended=True).tip)


def _goes_on(workspace: Workspace, name: str) -> bool:
    """Whether something is or will be left to do: who has come back, or has just been killed, keeps the mark."""
    return workspace.selection.is_open(name) and workspace.sessions.load(name).state == OPEN


def _home(workspace: Workspace, name: str) -> Workspace:
    """The call as the session's agent would make it, where its files are."""
    session = workspace.sessions.load(name)
    layout = dict(session_worktrees(workspace.layout)).get(name, workspace.layout)
    return workspace.in_worktree(layout, name, session.agent or WORKER)


def _session(workspace: Workspace, name: str) -> Session | None:
    """The session, as long as there is anything left to do about its end."""
    if not workspace.selection.is_open(name):
        return None
    session = workspace.sessions.load(name)
    return session if session.is_ending else None


def _step(workspace: Workspace, name: str, step: str, act: Callable[[Workspace, Session], str]) -> None:
    """A step that has not been done since the end, and the note that it has."""
    session = _session(workspace, name)
    if session is None or any(one.partition(" ")[0] == step for one in session.steps):
        return
    said = act(workspace, session)
    workspace.journal.append(workspace.actor.entry(STEP, name, note={"summary": step, trailers.STEP: f"{step} {said}"}))
    drain_before_reading(workspace)


def _distilled(workspace: Workspace, session: Session) -> str:
    if not is_configured(workspace.settings, CURATOR):
        return "no curator"
    job = session_job(workspace, "distil", session.name)
    done = curate(workspace, job, once=f"distil {session.name} {session.ended}")
    return done.failure or f"{len(done.recorded)} added, {len(done.refused)} refused"


def _reviewed(workspace: Workspace, session: Session) -> str:
    if not is_configured(workspace.settings, REVIEWER):
        return "no reviewer"
    if not may_decide(run_gate(workspace, session, reviewed=True)):
        return "not asked"
    job = session_job(workspace, "review", session.name)
    return opinion(job, session.tip, lambda job: curate(workspace, job, command=REVIEWER))


STEPS: dict[str, Callable[[Workspace, Session], str]] = {
    "episode": write_episode,
    "distil": _distilled,
    "review": _reviewed,
}


def _hand_on(workspace: Workspace, name: str) -> None:
    """Promoted where the policy and the gate allow that without a person, else closed: it waits in the inbox."""
    session = _session(workspace, name)
    if session is None:
        return
    with suppress(MemError):  # what came in between is for a person
        _promote_if_allowed(workspace, session)
    _close(workspace, name)


def _promote_if_allowed(workspace: Workspace, session: Session) -> None:
    """Promote an agent's session where the policy leaves that to the checks, or to a reviewer who has agreed."""
    seen = approved(session.opinion)
    if run_gate(workspace, session, reviewed=bool(seen)).verdict == PROMOTABLE:
        home = _home(workspace, session.name)
        promote(home, PromoteRequest(session.name, expect=seen or session.tip, reviewed_by=BY if seen else ""))


def _close(workspace: Workspace, name: str) -> None:
    """Nothing more is written into it, unless somebody takes it up again first: the files go while nobody else can."""
    with write_transaction(workspace, name) as tx:
        if _session(workspace, name):
            tx.record(workspace.actor.entry("close", name, note={"summary": name, trailers.STATE: CLOSED}))
        if not _goes_on(workspace, name):
            worktree = Worktree(workspace.layout, workspace.odb, name)
            remove_if_saved(workspace.store, worktree, workspace.sessions.load(name, ended=True).tip)
