"""What proves an index right: a digest over the rows of a ref, and what SQLite itself finds wrong with the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from memcli.index.storage.indexed_refs import ref_number
from memcli.index.storage.tables import STORED, holds_candidates

if TYPE_CHECKING:
    import sqlite3


def rows_digest(connection: sqlite3.Connection, ref: str) -> str:
    """Sha-256 (hex) over the rows of a ref, in whatever order they were made; equal for equal trees."""
    digest = hashlib.sha256()
    for row in _rows(connection, ref):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def file_problems(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with the file, its full-text tables included; reads all of it."""
    problems = [line for (line,) in connection.execute("PRAGMA quick_check") if line != "ok"]
    for (number,) in connection.execute("SELECT number FROM manifests").fetchall():
        problems += _full_text_problems(connection, number)
    return problems


def _rows(connection: sqlite3.Connection, ref: str) -> Iterator[tuple[object, ...]]:
    """All that is stored of a ref but its name: memories by path with what hangs on them, then unreadable files."""
    columns = ", ".join(f"memories.{column}" for column in STORED)
    memories = connection.execute(
        f"SELECT row, {columns}, text FROM memories JOIN texts USING (row) WHERE ref = ? ORDER BY path", (ref,)
    )
    terms = "terms WHERE row" if holds_candidates(ref) else f"search_{ref_number(connection, ref)} WHERE rowid"
    for row, *values in memories:
        yield tuple(values[1:])
        for table in ("anchors", "tags", "links"):
            parts = connection.execute(f"SELECT * FROM {table} WHERE row = ?", (row,))
            yield from sorted((part[1:] for part in parts), key=repr)
        yield from connection.execute("SELECT text_key FROM parts WHERE row = ? ORDER BY number", (row,))
        yield from connection.execute(f"SELECT title, body, idents FROM {terms} = ?", (row,))
    yield from connection.execute("SELECT path, blob, message FROM unreadable WHERE ref = ? ORDER BY path", (ref,))


def _full_text_problems(connection: sqlite3.Connection, number: int) -> list[str]:
    """What the full-text table's own check says about its terms; nothing for a session, which has none."""
    import sqlite3

    try:
        connection.execute(f"INSERT INTO search_{number} (search_{number}) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        return [] if str(error).startswith("no such table") else [f"full-text table: {error}"]
    return []
