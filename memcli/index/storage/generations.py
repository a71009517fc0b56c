"""Where the index lies: `<directory>/<generation>/index.db`, the generation named by the file `current`.

A generation is never repaired: what cannot be read, or has another schema, is left behind for a fresh one, and
`current` is replaced atomically once that is complete. Old ones go later, when no reader can be about to open them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.index.storage import tables
from memcli.index.storage.connection import connect, is_damage, is_writable, transaction
from memcli.system.file_modes import file_mode, make_directory, open_up

if TYPE_CHECKING:
    import sqlite3

DATABASE = "index.db"
CURRENT = "current"
KEEP_SECONDS = 600
"""How long a generation that nobody points at stays: longer than any open takes from `current` to the file."""


def open_current(directory: Path) -> tuple[sqlite3.Connection, bool] | None:
    """The current generation and whether it can be written; None where there is none of this schema to read.

    `immutable` comes last: it reads a cleanly closed index without rights to its directory, but no write-ahead log.
    """
    import sqlite3

    generation = current_generation(directory)
    if generation is None:
        return None
    for mode in ("rw", "ro", "immutable"):
        try:
            connection = _open(directory / generation / DATABASE, mode)
        except sqlite3.Error as error:
            if is_damage(error):
                return None
            continue
        return (connection, mode == "rw" and is_writable(connection)) if connection else None
    return None


def open_unchanged(directory: Path) -> sqlite3.Connection | None:
    """The current generation for reading, None where there is none of this schema; changes nothing but locks (`-shm`).

    A cleanly closed database is opened as `immutable`: SQLite would make its log's files otherwise, and leave them.
    """
    generation = current_generation(directory)
    if generation is None:
        return None
    database = directory / generation / DATABASE
    return _open(database, "ro" if database.with_name(f"{DATABASE}-wal").exists() else "immutable")


def create_index(directory: Path) -> sqlite3.Connection:
    """A fresh, empty generation, now the current one. Raises OSError or sqlite3's errors where that is impossible."""
    generation, connection = new_index(directory)
    try:
        publish(generation)
    except BaseException:
        connection.close()
        raise
    return connection


def publish(generation: Path) -> None:
    """Make a complete generation the current one, and remove those that are old enough. Raises OSError."""
    make_current(generation.parent, generation.name)
    remove_old(generation.parent, generation)


def remove(generation: Path) -> None:
    """Remove a generation to which nothing points."""
    import shutil

    shutil.rmtree(generation, ignore_errors=True)


def new_index(directory: Path) -> tuple[Path, sqlite3.Connection]:
    """A fresh, empty generation to which nothing points yet. Raises OSError or sqlite3's errors."""
    generation = new_generation(directory)
    (generation / DATABASE).touch(file_mode())  # SQLite's own mode leaves a group out; its log takes that of the file
    connection = connect(generation / DATABASE, "rwc")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        with transaction(connection, "IMMEDIATE", keep=True):
            tables.create_tables(connection)
    except BaseException:
        connection.close()
        raise
    return generation, connection


def new_generation(directory: Path) -> Path:
    """The directory of a new generation, to which nothing points yet."""
    import tempfile

    make_directory(directory)
    generation = Path(tempfile.mkdtemp(prefix="g-", dir=directory))
    open_up(generation)
    return generation


def current_generation(directory: Path) -> str | None:
    """The name of the current generation, None where the file is missing or no name of ours."""
    try:
        name = (directory / CURRENT).read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    return name if re.fullmatch(r"g-\w+", name) else None


def remove_old(directory: Path, newest: Path) -> None:
    """Remove generations that were left behind well before `newest` was made."""
    limit = newest.stat().st_mtime - KEEP_SECONDS
    for old in directory.glob("g-*"):
        if old.name not in (newest.name, current_generation(directory)) and _last_change(old) < limit:
            remove(old)


def _last_change(generation: Path) -> float:
    """When something in a generation was last written, in seconds; infinitely late where it is gone already."""
    try:
        return max(place.stat().st_mtime for place in (generation, *generation.iterdir()))
    except OSError:
        return float("inf")


def make_current(directory: Path, name: str) -> None:
    """Make a generation the current one, atomically."""
    import tempfile

    handle, temporary = tempfile.mkstemp(prefix=f"{CURRENT}-", dir=directory)
    with os.fdopen(handle, "w") as file:
        os.fchmod(handle, file_mode())
        file.write(name + "\n")
    Path(temporary).replace(directory / CURRENT)


def _open(database: Path, mode: str) -> sqlite3.Connection | None:
    """The database in one mode, None where it is not ours; only its header and one table are looked at.

    Raises sqlite3's errors where this mode cannot open it.
    """
    connection = connect(database, mode)
    try:
        if tables.is_current(connection):
            connection.execute("SELECT 1 FROM manifests LIMIT 1").fetchall()
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None
