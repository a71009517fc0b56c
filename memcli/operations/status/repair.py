"""`mem doctor --repair`: what was set aside in the journal is carried out after all, where it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from memcli.errors import MemError
from memcli.operations.status.diagnosis import Diagnosis
from memcli.operations.writing.entry_check import entry_problem, spooled_entry_problem
from memcli.operations.writing.transaction import Transaction, locked
from memcli.state.journal import Journal, JournalEntry
from memcli.state.oplog import Oplog
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes


def repair_journal(workspace: Workspace) -> list[Diagnosis]:
    """Take up what was set aside and is a valid entry, carry out all that waits, and say what became of each.

    Raises NoStore, Busy.
    """
    journal, oplog = workspace.journal, workspace.oplog
    with locked(workspace) as tx:
        done = [op for op, _ in journal.failed() if oplog.find(op)]
        for op in done:
            journal.finish_set_aside(op, workspace.now)
        kept, taken_up = dict[str, str](), list[str]()
        for op, _ in journal.failed():
            problem = _problem(journal, op, lambda: workspace.excludes)
            if problem:
                kept[op] = problem
            else:
                journal.take_up(op)
                taken_up.append(op)
        waiting = [op for op in journal.operations() if op not in taken_up]
        hindrance = _drained(tx)
    return [
        *(Diagnosis("repair", True, f"{op}: was carried out before") for op in done),
        *(_kept(op, problem) for op, problem in kept.items()),
        *_fates(journal, oplog, [*taken_up, *waiting], hindrance),
    ]


def _problem(journal: Journal, op: str, excludes: Callable[[], Excludes | None]) -> str:
    """Why an entry is not taken up; one from a spool may be among them, so all are checked as those are."""
    try:
        entry = journal.entry_set_aside(op)
    except OSError as error:
        return f"cannot be read now: {error.strerror}"
    problem = entry_problem(entry, op)
    return problem or (spooled_entry_problem(entry, excludes()) if isinstance(entry, JournalEntry) else "")


def _drained(tx: Transaction) -> str:
    """Why not everything that waits could be carried out; empty where it could."""
    try:
        tx.drain()
        return ""
    except MemError as error:
        return error.message
    except OSError as error:
        return error.strerror or str(error)


def _kept(op: str, problem: str) -> Diagnosis:
    return Diagnosis("repair", False, f"{op}: {problem}", "it stays set aside; add its text again if it matters")


def _fates(journal: Journal, oplog: Oplog, ops: list[str], hindrance: str) -> Iterator[Diagnosis]:
    for op in ops:
        if reason := journal.failure(op):
            yield _kept(op, f"cannot be carried out: {reason}")
        elif journal.waits(op):
            reason = dict(journal.unreadable()).get(op) or hindrance
            yield Diagnosis("repair", False, f"{op}: still waits: {reason}", "the next command tries again")
        else:
            verb = found.verb if (found := oplog.find(op)) else "entry"
            yield Diagnosis("repair", True, f"{op}: carried out ({verb})")
