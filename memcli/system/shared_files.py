"""Files that other programs write at the same time: read, exchanged and placed so that none of their bytes is lost.

Contract: nothing here overwrites or deletes what another program has written. Where the system cannot exchange two
names in one step, the file is away for a moment between two steps, and what is made there meanwhile stays.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path

_HERE, _SWAP = -100, 2
"""AT_FDCWD, and RENAME_EXCHANGE of Linux, which is RENAME_SWAP of macOS."""
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.EMLINK)
"""Errors of a system, or of a file system, that cannot do this."""


def read_regular(file: Path, most: int) -> bytes | None:
    """At most that many bytes of a regular file; None for anything else, links included."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as stream:
        return stream.read(most)


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of a file of ours and one of somebody else's. Raises OSError where either is not there."""
    rename = _exchange_call()
    number = rename(os.fsencode(one), os.fsencode(other)) if rename else errno.ENOSYS
    if number in _UNSUPPORTED:
        _exchange_by_steps(one, other)
    elif number:
        raise OSError(number, os.strerror(number), str(other))


@cache
def _exchange_call() -> Callable[[bytes, bytes], int] | None:
    """The system's call, which returns the number of its error or 0; None where it has none."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "renameat2"):
        linux = library.renameat2
        return lambda one, other: ctypes.get_errno() if linux(_HERE, one, _HERE, other, _SWAP) else 0
    if hasattr(library, "renamex_np"):
        macos = library.renamex_np
        return lambda one, other: ctypes.get_errno() if macos(one, other, _SWAP) else 0
    return None


def _exchange_by_steps(one: Path, other: Path) -> None:
    """As `exchange`; where somebody makes another file there in between, that one stays and `one` is dropped."""
    aside = one.with_name(f"{one.name}.aside")
    other.rename(aside)
    try:
        place(one, other)
    except FileExistsError:
        pass
    finally:
        aside.replace(one)


def place(file: Path, target: Path) -> None:
    """Give a file of ours a name that nothing has yet. Raises FileExistsError where something has it, OSError."""
    try:
        os.link(file, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        if target.exists() or target.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        file.rename(target)
    else:
        file.unlink()


def may_be_written(file: Path) -> bool | None:
    """Whether a process has a file open for writing; None where the system cannot tell.

    Linux grants a lease for reading on nothing that is open for writing. Who opens it meanwhile waits until it is
    closed here; the signal about that is one which processes ignore.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return None
    with file.open("rb") as stream:
        try:
            fcntl.fcntl(stream, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            return True if error.errno == errno.EAGAIN else None
    return False
