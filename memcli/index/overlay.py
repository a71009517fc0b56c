"""How a view comes about: candidates and unsaved files are laid over main's rows in a transaction.

It is always rolled back, and reads nothing but what it was opened on: opening a view changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from memcli.index import rows, schema
from memcli.index.connection import WRITE_WAIT, in_memory, is_busy, transaction, wait
from memcli.index.manifest import FileChange
from memcli.index.view import View

if TYPE_CHECKING:
    import sqlite3

QUEUED = "queued"
"""The ref of unsaved files where the reader has no session."""
VIEW_WAIT = 2.0
"""Seconds a view with candidates waits for a writer before it works on a copy."""


@contextmanager
def open_view(
    connection: sqlite3.Connection, writable: bool, main_ref: str, session_ref: str | None, extra: Sequence[FileChange]
) -> Iterator[View]:
    """A view on `connection`, or on a copy in memory where it cannot be written and there is something to lay over."""
    if not extra and not _has_rows(connection, session_ref):
        with transaction(connection, "DEFERRED", keep=False):
            yield View(connection, (main_ref,), _search_number(connection, main_ref))
        return
    lent = _begin(connection, writable)
    try:
        ref = session_ref or QUEUED
        search = _search_number(lent, main_ref)
        search = _new_search(lent) if search is None else search
        _save(lent, ref, extra)
        _lay(lent, main_ref, ref, search)
        yield View(lent, (main_ref, ref), search)
    finally:
        if lent.in_transaction:
            lent.execute("ROLLBACK")
        if lent is not connection:
            lent.close()


def _begin(connection: sqlite3.Connection, writable: bool) -> sqlite3.Connection:
    """A connection inside a write transaction: this one, or a copy where it cannot write or another process does."""
    if writable:
        wait(connection, VIEW_WAIT)
        try:
            connection.execute("BEGIN IMMEDIATE")
            return connection
        except Exception as error:
            if not is_busy(error):
                raise
        finally:
            wait(connection, WRITE_WAIT)
    copy = in_memory(connection)
    copy.execute("BEGIN")
    return copy


def _save(connection: sqlite3.Connection, ref: str, extra: Sequence[FileChange]) -> None:
    """Unsaved files as candidates, in order; an id that moved to another path is there once."""
    for change in extra:
        rows.put(connection, ref, None, change)
        moved = connection.execute(
            "SELECT old.row FROM memories AS old JOIN memories AS new USING (ref, id)"
            " WHERE ref = ? AND new.path = ? AND old.path != new.path",
            (ref, change.path),
        )
        rows.remove(connection, None, [row for (row,) in moved.fetchall()])


def _lay(connection: sqlite3.Connection, main_ref: str, ref: str, search: int) -> None:
    """Candidates join the full-text table, what they shadow leaves."""
    shadowed = connection.execute(
        "SELECT row FROM memories WHERE ref = ? AND id IN (SELECT id FROM memories WHERE ref = ?)", (main_ref, ref)
    )
    rows.remove(connection, search, [row for (row,) in shadowed.fetchall()])
    connection.execute(
        f"INSERT INTO search_{search} (rowid, title, body, idents) SELECT row, terms.title, body, idents"
        " FROM terms JOIN memories USING (row) WHERE ref = ? ORDER BY path",
        (ref,),
    )


def _has_rows(connection: sqlite3.Connection, ref: str | None) -> bool:
    return bool(connection.execute("SELECT 1 FROM memories WHERE ref = ? LIMIT 1", (ref,)).fetchone())


def _search_number(connection: sqlite3.Connection, ref: str) -> int | None:
    found = connection.execute("SELECT number FROM manifests WHERE ref = ?", (ref,)).fetchone()
    return int(found[0]) if found else None


def _new_search(connection: sqlite3.Connection) -> int:
    """A full-text table for this view alone, where main is not indexed."""
    (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM manifests").fetchone()
    schema.create_search(connection, number)
    return int(number)
