"""Record an operation: journal first, then the lock, then the drain. Every writing verb goes through here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memcli.branch import store_to_write
from memcli.core.finding import Finding, blocking, findings_text
from memcli.core.memory.identity import short
from memcli.errors import Failure, MemError, Refused
from memcli.operations.writing.interrupted_operation import tell_entry_fate
from memcli.operations.writing.session_process import mark_writer
from memcli.operations.writing.transaction import try_drain
from memcli.state.journal import FileEdit, Journal, JournalEntry
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.state.oplog import Operation, Oplog

COMMITTED, QUEUED, SPOOLED, KNOWN = "committed", "queued", "spooled", "known"


@dataclass(frozen=True)
class Acknowledged:
    """How far an acknowledged operation has come; `delayed` says why it is not committed yet."""

    op: str
    session: str
    state: str
    operation: Operation | None = None
    delayed: str = ""


class RefusedText(Refused):
    """A text was refused; `text` is what the line numbers of the message count."""

    def __init__(self, message: str, hint: str, text: str) -> None:
        super().__init__(message, hint)
        self.text = text


@dataclass(frozen=True)
class Recorded:
    """One memory written: `state` as in `Acknowledged`, or `unchanged`, or `known` where its session said the same
    already (then `id` is that memory's); `started`: the write began its session."""

    id: str
    session: str
    state: str
    path: str
    findings: tuple[Finding, ...]
    started: bool = False
    delayed: str = ""

    @classmethod
    def of(
        cls, edit: FileEdit, written: Acknowledged, findings: Sequence[Finding] = (), started: bool = False
    ) -> Recorded:
        """What became of an edit: its path is the one that was committed, which may be longer where two files met."""
        path = (written.operation and path_made(written.operation, edit.id)) or edit.path
        return cls(edit.id, written.session, written.state, path, tuple(findings), started, written.delayed)


def path_made(operation: Operation, memory_id: str) -> str | None:
    """The path of a memory that an operation made; None where it made none."""
    paths = (change.path for change in operation.changes)
    return next((path for path in paths if path.endswith(f"{short(memory_id)}.md")), None)


def refuse_blocked(findings: Sequence[Finding], text: str = "") -> None:
    """Nothing that a `block` finding about a text is about reaches the disk. Raises RefusedText."""
    problems = blocking(findings)
    if problems:
        raise RefusedText(findings_text(problems), problems[0].next, text)


def record_entry(workspace: Workspace, entry: JournalEntry, place: str = "") -> Acknowledged:
    """Acknowledge an operation durably, then carry it out if the lock can be had. Raises Failure, nothing recorded.

    `place`: the journal's answer, where the caller has appended the entry. A session that an agent's write begins lives
    with the agent's process.
    """
    store_to_write(workspace.layout)
    tell_entry_fate(workspace.journal, workspace.oplog, entry)
    if (place or workspace.journal.append(entry)) == SPOOLED:
        return Acknowledged(entry.op, entry.session, SPOOLED)
    acknowledged = _acknowledged(workspace.journal, workspace.oplog, entry, drain_entry(workspace, entry.op))
    if entry.agent and entry.edits and not workspace.config.session and entry.session == workspace.selection.name:
        mark_writer(workspace.layout, acknowledged.session, entry.agent)
    return acknowledged


def _acknowledged(journal: Journal, oplog: Oplog, entry: JournalEntry, delayed: str) -> Acknowledged:
    """How far an entry in the journal has come; `delayed`: why the journal was not drained."""
    _raise_if_set_aside(journal, entry.op)
    if journal.waits(entry.op):
        delayed = delayed or dict(journal.unreadable()).get(entry.op, "")
        return Acknowledged(entry.op, entry.session, QUEUED, delayed=delayed)
    operation = oplog.find(entry.op)
    return Acknowledged(entry.op, operation.session if operation else entry.session, COMMITTED, operation)


def drain_entry(workspace: Workspace, op: str) -> str:
    """Carry out what waits, `op` among it, if the lock can be had in time; why it is still waiting, where it fails."""
    try:
        try_drain(workspace, None, workspace.config.lock_timeout, lambda: not workspace.journal.waits(op))
        return ""
    except MemError as error:
        return error.message  # acknowledged all the same: the next call carries it out
    except OSError as error:
        return f"{error.strerror}: {error.filename or 'the repository'}"
    except Exception as error:  # whatever it is, an error now would make the caller write the same once more
        return f"internal error; please report it ({type(error).__name__}: {error})"


def _raise_if_set_aside(journal: Journal, op: str) -> None:
    reason = journal.failure(op)
    if reason is not None:
        raise Failure(f"the operation cannot be carried out: {reason}", "its text is kept: run 'mem status'")
