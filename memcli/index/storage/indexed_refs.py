"""The refs that are indexed: each has a manifest, whose number its full-text table bears.

Callers have a transaction open, and write the manifest's tree last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memcli.index.storage import tables

if TYPE_CHECKING:
    import sqlite3


def ref_number(connection: sqlite3.Connection, ref: str) -> int | None:
    """The number of a ref's manifest, and of its full-text table; None where it is not indexed."""
    row = connection.execute("SELECT number FROM manifests WHERE ref = ?", (ref,)).fetchone()
    return int(row[0]) if row else None


def indexed_tree(connection: sqlite3.Connection, ref: str) -> str | None:
    """The tree its rows were made from."""
    row = connection.execute("SELECT tree FROM manifests WHERE ref = ?", (ref,)).fetchone()
    return str(row[0]) if row else None


def register_ref(connection: sqlite3.Connection, ref: str) -> int:
    """Begin a ref: a manifest that says nothing yet, and the full-text table of what is a whole store."""
    made = connection.execute("INSERT INTO manifests VALUES (NULL, ?, '', '', 0)", (ref,)).lastrowid
    assert made is not None
    if not tables.holds_candidates(ref):
        tables.create_search(connection, made)
    return made


def forget_ref(connection: sqlite3.Connection, ref: str, numbered: int) -> None:
    """Everything of one ref; its full-text table goes as a whole, which is quicker than row by row."""
    if not tables.holds_candidates(ref):
        tables.drop_search(connection, numbered)
    for table in tables.PARTS:
        connection.execute(f"DELETE FROM {table} WHERE row IN (SELECT row FROM memories WHERE ref = ?)", (ref,))
    for table in ("memories", "unreadable", "manifests"):
        connection.execute(f"DELETE FROM {table} WHERE ref = ?", (ref,))
