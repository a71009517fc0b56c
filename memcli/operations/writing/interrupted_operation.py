"""What an interrupted call tells about its operation: it waits in the journal, it is done, or there is nothing to
tell."""

from __future__ import annotations

from memcli.state.journal import Journal, JournalEntry
from memcli.state.oplog import Operation, Oplog
from memcli.system.interruption import tell_fate


def tell_entry_fate(journal: Journal, oplog: Oplog, entry: JournalEntry) -> None:
    """From now on an interrupted call tells what has become of an entry."""
    tell_fate(lambda: _fate(journal, oplog, entry.op, f"the {entry.verb} is recorded ({_subject(entry)})"))


def tell_operation_fate(journal: Journal, oplog: Oplog, operation: Operation) -> None:
    """From now on an interrupted call tells whether an operation is done that never waits in the journal."""
    words = f"{operation.verb} {operation.session}".strip()
    done = f"'{words}' is done (operation {operation.op[-6:]})"
    tell_fate(lambda: _fate(journal, oplog, operation.op, done))


def _fate(journal: Journal, oplog: Oplog, op: str, recorded: str) -> str:
    if journal.waits(op):
        return f"{recorded}; the next command carries it out"
    return recorded if oplog.find(op) else ""


def _subject(entry: JournalEntry) -> str:
    ids = [edit.id for edit in entry.edits]
    if not ids:
        return f"session {entry.session}"
    return f"id {ids[0]}" if len(ids) == 1 else f"{len(ids)} memories, the first is {ids[0]}"
