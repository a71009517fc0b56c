"""The home of sqlite3: opening, copying, transactions, and telling damage from a busy or unwritable database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from memcli.errors import Busy, Failure

if TYPE_CHECKING:
    import sqlite3

WRITE_WAIT = 10.0
"""Seconds a writer waits for another one."""
_OURS_GONE = ("no such table", "no such column", "no such fts5 table", "vtable constructor failed")


class IndexDamaged(Failure):
    """The index turned out to be corrupt. It has been set aside already: the same call works on a fresh, empty one."""

    code, retryable = "index-damaged", True


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """The database file opened as `rwc`, `rw`, `ro` or `immutable`; raises what sqlite3 raises."""
    import sqlite3

    query = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    uri = f"file:{quote(os.fsencode(path.absolute()))}?{query}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=WRITE_WAIT)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def library_version() -> str:
    """The version of the SQLite that Python was built with."""
    import sqlite3

    return sqlite3.sqlite_version


def in_memory(source: sqlite3.Connection | None = None) -> sqlite3.Connection:
    """A database of this process alone: a copy of `source`, or empty."""
    import sqlite3

    connection = sqlite3.connect(":memory:", isolation_level=None)
    if source is not None:
        source.backup(connection)
    return connection


def wait(connection: sqlite3.Connection, seconds: float) -> None:
    """How long this connection waits for another writer."""
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def is_writable(connection: sqlite3.Connection) -> bool:
    """Whether this connection can write; another writer that is busy just now proves that it can.

    It takes a write to tell: `BEGIN IMMEDIATE` alone quietly begins to read where the database is read-only.
    """
    wait(connection, 0)
    try:
        with transaction(connection, "IMMEDIATE", keep=False):
            connection.execute("DELETE FROM manifests WHERE number < 0")
    except Exception as error:
        return is_busy(error)
    finally:
        wait(connection, WRITE_WAIT)
    return True


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str, *, keep: bool) -> Iterator[None]:
    """`BEGIN <kind>`, then commit (`keep`) or roll back; an exception always rolls back."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT" if keep else "ROLLBACK")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def is_busy(error: BaseException) -> bool:
    """Whether another process holds the database."""
    return _code(error) in ("SQLITE_BUSY", "SQLITE_LOCKED")


def is_damage(error: BaseException) -> bool:
    """Whether this shows that the file is not, or no longer, a sound database of ours."""
    if str(error).startswith("Could not decode to UTF-8"):
        return True  # Python's own finding, without a code: all that is stored is text
    if _code(error) == "SQLITE_ERROR":
        return str(error).startswith(_OURS_GONE) or str(error).endswith(" already exists")
    return _code(error) in ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT") or (
        _code(error, whole=True) == "SQLITE_IOERR_SHORT_READ"
    )


@contextmanager
def failures() -> Iterator[None]:
    """Turn what sqlite3 raises into the error family: Busy, IndexDamaged or Failure with the next step."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        if is_busy(error):
            raise Busy("the index is being written by another process", "try again in a moment") from error
        if is_damage(error):
            raise IndexDamaged(f"the index was damaged ({error})", "run the command again: it is rebuilt") from error
        raise Failure(
            f"the index cannot be used: {error}", "check the disk's space and rights, then try again"
        ) from error


def _code(error: BaseException, *, whole: bool = False) -> str:
    """The name of a sqlite3 error's code, without its extension: `SQLITE_BUSY_SNAPSHOT` is `SQLITE_BUSY`."""
    name = str(getattr(error, "sqlite_errorname", None) or "")
    return name if whole else "_".join(name.split("_")[:2])
