"""Record an operation: journal first, then the lock, then the drain. Every writing verb goes through here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.core.finding import Finding, blocking
from memcli.errors import Busy, Failure, MemError, Refused
from memcli.git.layout import INTENT
from memcli.state.journal import Entry
from memcli.state.lock import hold
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.state.oplog import Operation

COMMITTED, QUEUED, SPOOLED = "committed", "queued", "spooled"
PATIENCE = 1.0
"""Seconds a command that only wants to see what waits spends on the lock."""


@dataclass(frozen=True)
class Written:
    """How far an acknowledged operation has come; `delayed` says why it is not committed yet."""

    op: str
    session: str
    state: str
    operation: Operation | None = None
    delayed: str = ""


@dataclass(frozen=True)
class Recorded:
    """One memory written: `state` as in `Written`, or `unchanged`; `started`: the write began its session."""

    id: str
    session: str
    state: str
    path: str
    findings: tuple[Finding, ...]
    started: bool = False
    delayed: str = ""


def refuse_blocked(findings: Sequence[Finding]) -> None:
    """Nothing that a `block` finding is about reaches the disk. Raises Refused."""
    stopping = blocking(list(findings))
    if stopping:
        raise Refused("; ".join(f"{one.check}: {one.message}" for one in stopping), stopping[0].next)


def record(workspace: Workspace, entry: Entry) -> Written:
    """Acknowledge an operation durably, then carry it out if the lock can be had. Raises Failure, nothing recorded."""
    workspace.main()
    place = workspace.journal.append(entry)
    if place == SPOOLED:
        return Written(entry.op, entry.session, SPOOLED)
    delayed = try_drain(workspace, entry.op)
    _raise_if_set_aside(workspace, entry.op)
    if workspace.journal.waits(entry.op):
        return Written(entry.op, entry.session, QUEUED, delayed=delayed)
    done = workspace.oplog.find(entry.op)
    return Written(entry.op, done.session if done else entry.session, COMMITTED, done)


def try_drain(workspace: Workspace, op: str) -> str:
    """Carry out what waits, `op` among it, if the lock can be had in time; why it is still waiting, where it fails."""
    from memcli.operations.writing.drain import drain

    try:
        timeout = workspace.config.lock_timeout
        with hold(Path(workspace.layout.mem_dir, "lock"), timeout, lambda: not workspace.journal.waits(op)) as held:
            if held:
                drain(workspace)
        return ""
    except MemError as error:
        return error.message  # acknowledged all the same: the next call carries it out
    except OSError as error:
        return f"{error.strerror}: {error.filename or 'the repository'}"
    except Exception as error:  # whatever it is, an error now would make the caller write the same once more
        return f"a fault of mem itself ({type(error).__name__}: {error})"


def _raise_if_set_aside(workspace: Workspace, op: str) -> None:
    reason = workspace.journal.failure(op)
    if reason is not None:
        raise Failure(f"it could not be carried out: {reason}", "the text is kept; 'mem status' shows where")


def settle(workspace: Workspace, session: str | None = None) -> None:
    """Carry out what waits, before a verb that must see it; with `session`, what waits for others may go on waiting.

    Call it with the lock held. Raises what hindered it.
    """
    from memcli.operations.writing.drain import drain

    try:
        drain(workspace)
    except MemError:
        if session is None or workspace.publisher.unfinished or workspace.journal.entries(session):
            raise


@contextmanager
def locked(workspace: Workspace) -> Iterator[None]:
    """Hold the store's lock, for verbs that are never queued. Raises Busy where it stays held too long."""
    timeout = workspace.config.lock_timeout
    with hold(Path(workspace.layout.mem_dir, "lock"), timeout) as held:
        if not held:
            raise Busy(
                f"another mem process has held the lock for {timeout:g} s",
                "nothing was changed; retry, or set MEM_LOCK_TIMEOUT to wait for more seconds",
            )
        yield


def carry_out(workspace: Workspace) -> None:
    """Drain what waits, and finish what a kill left half done, if the lock is free soon; a page of what is committed is
    better than none. Raises NoStore."""
    workspace.tip()
    try:
        if not workspace.journal.files() and not Path(workspace.layout.mem_dir, INTENT).exists():
            return
        with hold(Path(workspace.layout.mem_dir, "lock"), PATIENCE) as held:
            if held:
                settle(workspace)
    except (MemError, OSError):
        return
