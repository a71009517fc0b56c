"""How a view comes about: candidates and unsaved files are laid over main's rows in a transaction.

It is always rolled back, and reads nothing but what it was opened on: opening a view changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from memcli.errors import Conflict
from memcli.index.database.tree_full_text import TreeFullText
from memcli.index.database.view import View
from memcli.index.storage import indexed_refs, rows, tables
from memcli.index.storage.connection import WRITE_WAIT, in_memory, is_busy, transaction, wait
from memcli.index.storage.manifest import FileChange, Manifest

if TYPE_CHECKING:
    import sqlite3

QUEUED, PAST = "queued", "past"
"""The refs of unsaved files where the reader has no session, and of another tree's files while they are laid over."""
VIEW_WAIT = 2.0
"""Seconds a view with candidates waits for a writer before it works on a copy."""


@contextmanager
def open_view(
    connection: sqlite3.Connection, writable: bool, main_ref: str, session_ref: str | None, extra: Sequence[FileChange]
) -> Iterator[View]:
    """A view on `connection`, or on a copy in memory where it cannot be written and there is something to lay over."""
    if not extra and not _has_rows(connection, session_ref):
        with transaction(connection, "DEFERRED", keep=False):
            yield View(connection, (main_ref,), indexed_refs.ref_number(connection, main_ref))
        return
    with _lent(connection, writable) as lent:
        ref = session_ref or QUEUED
        search = indexed_refs.ref_number(lent, main_ref)
        search = _new_search(lent) if search is None else search
        _save(lent, ref, extra)
        _lay(lent, main_ref, ref, search)
        yield View(lent, (main_ref, ref), search)


@contextmanager
def open_past(
    connection: sqlite3.Connection, writable: bool, then: Manifest, base: str, changes: Sequence[FileChange]
) -> Iterator[View]:
    """A view of the tree `then.tree` alone: the rows of `then.ref`, indexed at the tree `base`, with the `changes`
    from there to it laid over. Raises Conflict where they are of another tree by now."""
    if not changes:
        with transaction(connection, "DEFERRED", keep=False):
            _insist_on(connection, then.ref, base)
            yield View(connection, (then.ref,), indexed_refs.ref_number(connection, then.ref))
        return
    with _lent(connection, writable) as lent:
        _insist_on(lent, then.ref, base)
        _replace(lent, then.ref, changes)
        values = (then.tree, then.commit, then.ref)
        lent.execute("UPDATE manifests SET tree = ?, commit_id = ? WHERE ref = ?", values)
        yield View(lent, (then.ref,), None, TreeFullText(lent, then.ref, indexed_refs.ref_number(lent, then.ref)))


def _insist_on(connection: sqlite3.Connection, ref: str, tree: str) -> None:
    if indexed_refs.indexed_tree(connection, ref) != tree:
        raise Conflict("another process updated the index", "run the command again")


def _replace(connection: sqlite3.Connection, ref: str, changes: Sequence[FileChange]) -> None:
    """Another tree's files in place of main's. The full-text table stays as it is: a memory that is gone from
    `memories` is found nowhere, and new rows come first, so that no number of an old one is used again."""
    for change in changes:
        if change.blob is not None:
            rows.put_file(connection, PAST, None, change)
    paths = [(ref, change.path) for change in changes]
    connection.executemany("DELETE FROM memories WHERE ref = ? AND path = ?", paths)
    connection.execute("UPDATE memories SET ref = ? WHERE ref = ?", (ref, PAST))


@contextmanager
def _lent(connection: sqlite3.Connection, writable: bool) -> Iterator[sqlite3.Connection]:
    """What a view may change as it likes: it is rolled back, or a copy."""
    lent = _begin(connection, writable)
    try:
        yield lent
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
        rows.put_file(connection, ref, None, change)
        moved = connection.execute(
            "SELECT old.row FROM memories AS old JOIN memories AS new USING (ref, id)"
            " WHERE ref = ? AND new.path = ? AND old.path != new.path",
            (ref, change.path),
        )
        rows.remove_rows(connection, None, [row for (row,) in moved.fetchall()])


def _lay(connection: sqlite3.Connection, main_ref: str, ref: str, search: int) -> None:
    """Candidates join the full-text table, what they shadow leaves."""
    shadowed = connection.execute(
        "SELECT row FROM memories WHERE ref = ? AND id IN (SELECT id FROM memories WHERE ref = ?)", (main_ref, ref)
    )
    rows.remove_rows(connection, search, [row for (row,) in shadowed.fetchall()])
    connection.execute(
        f"INSERT INTO search_{search} (rowid, title, body, idents) SELECT row, terms.title, body, idents"
        " FROM terms JOIN memories USING (row) WHERE ref = ? ORDER BY path",
        (ref,),
    )


def _has_rows(connection: sqlite3.Connection, ref: str | None) -> bool:
    return bool(connection.execute("SELECT 1 FROM memories WHERE ref = ? LIMIT 1", (ref,)).fetchone())


def _new_search(connection: sqlite3.Connection) -> int:
    """A full-text table for this view alone, where main is not indexed."""
    (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM manifests").fetchone()
    tables.create_search(connection, number)
    return int(number)
