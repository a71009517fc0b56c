"""A file of the user's, replaced as a whole or not at all: synced, with its mode, and only if it is what was read.

`system.durable_files` is for files of ours: it neither keeps a mode, nor compares, nor takes git's lock.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from memcli.errors import Busy, Conflict


def read_content(path: Path) -> bytes | None:
    """A file's bytes; None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def rewrite(path: Path, before: bytes | None, after: bytes | None, mode: int, git_lock: bool = False) -> None:
    """Replace a file by `after` (None: delete it). Raises Conflict if it is not `before`, and Busy.

    `mode` is for a new file, an existing one keeps its own. `git_lock`: lock the file as git locks its configuration.
    """
    if after is None:
        require_unchanged(path, before)
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new_file = _open_lock(path) if git_lock else _open_temporary(path)
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), _mode(path, mode))
            stream.write(after)
            stream.flush()
            os.fsync(stream.fileno())
        require_unchanged(path, before)
        new_file.replace(path)
    except BaseException:
        new_file.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def require_unchanged(path: Path, before: bytes | None) -> None:
    """Raises Conflict if a file is no longer what was read."""
    if read_content(path) != before:
        raise Conflict(f"{path} was changed by another program at the same time", "run the same command again")


def _open_temporary(path: Path) -> tuple[int, Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    return handle, Path(name)


def _open_lock(path: Path) -> tuple[int, Path]:
    lock = path.with_name(f"{path.name}.lock")
    try:
        return os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), lock
    except FileExistsError as error:
        raise Busy(f"git is changing {path}", f"try again; if no git is running, look at {lock.name}") from error


def _mode(path: Path, default: int) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return default & ~mask


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
