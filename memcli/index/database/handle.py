"""The home of `DatabaseHandle`: one process's hold on the database of the index, whatever state that is in.

Opening never fails: writable, else read-only with changes made in a copy of this process alone, else empty and in
memory. A database that turns out to be damaged is left behind for a fresh one, so that the same call works again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.index.storage import generations
from memcli.index.storage.connection import IndexDamaged, failures, in_memory, transaction
from memcli.index.storage.tables import create_tables

if TYPE_CHECKING:
    import sqlite3


class DatabaseHandle:
    """The database below `directory` (None: in memory only); `persistent` tells whether what is written stays."""

    def __init__(self, directory: Path | None, fresh: sqlite3.Connection | None = None) -> None:
        """`fresh`: a connection to a new database below the directory, in place of the current one."""
        self.directory = directory
        if fresh is None:
            self._open()
        else:
            self.connection, self.persistent, self._is_copy = fresh, True, False

    def _open(self) -> None:
        opened = generations.open_current(self.directory) if self.directory else None
        if opened:
            self.connection, self.persistent = opened
            self._is_copy = False
        else:
            self._create()

    def _create(self) -> None:
        """A fresh database, in memory where the directory takes none."""
        import sqlite3

        if self.directory is not None:
            try:
                self.connection, self.persistent = generations.create_index(self.directory), True
                self._is_copy = False
                return
            except (OSError, sqlite3.Error):
                self.directory = None
        self.connection, self.persistent, self._is_copy = in_memory(), False, True
        with transaction(self.connection, "IMMEDIATE", keep=True):
            create_tables(self.connection)

    @property
    def writable(self) -> bool:
        """Whether `connection` takes changes, be it in memory."""
        return self.persistent or self._is_copy

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, sqlite3's errors as ours. Raises IndexDamaged when a fresh database is in place."""
        try:
            with failures():
                yield self.connection
        except IndexDamaged:
            self._replace()
            raise

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction, in memory where the file cannot be written. Raises IndexDamaged, Busy."""
        if not self.writable:
            with self.reading() as read_only:
                self.connection = in_memory(read_only)
                read_only.close()
                self._is_copy = True
        with self.reading() as connection, transaction(connection, "IMMEDIATE", keep=True):
            yield connection

    @contextmanager
    def replacing(self) -> Iterator[DatabaseHandle]:
        """An empty database to fill, which takes this one's place when the block ends; until then, and for good where
        the block raises, everybody reads the old one. Raises Busy, Failure."""
        generation, fresh = None, DatabaseHandle(None)
        if self.persistent and self.directory:
            with failures():
                generation, connection = generations.new_index(self.directory)
            fresh = DatabaseHandle(self.directory, connection)
        try:
            yield fresh
            if generation:
                generations.publish(generation)
        except BaseException:
            fresh.close()
            if generation:
                generations.remove(generation)
            raise
        self.close()
        self.connection, self._is_copy = fresh.connection, fresh._is_copy

    def _replace(self) -> None:
        self.connection.close()
        if not self.persistent:
            self.directory = None
        self._create()
