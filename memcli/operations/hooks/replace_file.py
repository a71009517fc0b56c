"""One file replaced by another, whole or not at all: mode kept, synced, and only if it is still what was read."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from memcli.errors import Busy, Conflict


def content(path: Path) -> bytes | None:
    """A file's bytes; None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def missing(path: Path) -> set[str]:
    """The directories above a file that do not exist."""
    return {str(place) for place in path.parents if not place.exists()}


def rewrite(path: Path, before: bytes | None, after: bytes | None, mode: int, git_lock: bool = False) -> None:
    """Put `after` in a file's place (None: delete it). Raises Conflict where it is no longer `before`, Busy.

    `mode` is for a new file; another keeps its own. `git_lock`: the way git itself changes its configuration.
    """
    if after is None:
        _unchanged(path, before)
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = _lock(path) if git_lock else _fresh(path)
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), _mode(path, mode))
            stream.write(after)
            stream.flush()
            os.fsync(stream.fileno())
        _unchanged(path, before)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def tidy(path: Path, made: set[str]) -> set[str]:
    """Remove the directories above a file that we had made and that are empty again; those that are left."""
    for place in path.parents:
        if str(place) in made:
            with suppress(OSError):
                place.rmdir()
    return {place for place in made if Path(place).is_dir()}


def _fresh(path: Path) -> tuple[int, Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    return handle, Path(name)


def _lock(path: Path) -> tuple[int, Path]:
    fresh = path.with_name(f"{path.name}.lock")
    try:
        return os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), fresh
    except FileExistsError as error:
        raise Busy(f"git is changing {path}", "try again; if no git runs, look at the lock beside it") from error


def _mode(path: Path, usual: int) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return usual & ~mask


def _unchanged(path: Path, before: bytes | None) -> None:
    if content(path) != before:
        raise Conflict(f"{path} was changed by somebody else in this moment", "run the same command again")


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
