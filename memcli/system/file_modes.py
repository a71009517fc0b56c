"""The modes of what mem makes in a repository: for its owner alone, or as open as git's core.sharedRepository says.

Contract: one repository at a time; whoever opens it says how open it is (`use_directory_mode`). Below a directory
that others may not enter the modes of files mean nothing, so only the umask is set for what libgit2, SQLite and git
write: in a shared repository it lets the group (or everybody) in. Imports only `os`: hooks that only record use it.
"""

from __future__ import annotations

import os

PRIVATE = 0o700
_directory_mode = PRIVATE
_callers_umask = -1


def use_directory_mode(directory_mode: int, umask: int | None = None) -> None:
    """Make directories with a mode from now on, and files to fit; `umask`: instead of the caller's own, less what the
    mode grants."""
    global _directory_mode, _callers_umask
    if directory_mode == _directory_mode == PRIVATE:
        return
    if _callers_umask < 0:
        _callers_umask = os.umask(0)
    _directory_mode = directory_mode
    os.umask(_callers_umask & ~directory_mode if umask is None else umask)


def callers_umask() -> int:
    """The umask for a process that works elsewhere; -1 where it was not changed."""
    return _callers_umask


def make_directory(directory: str | os.PathLike[str]) -> None:
    """Make a directory and those above it that are missing. Raises OSError."""
    if os.path.isdir(directory):
        return
    above = os.path.dirname(os.path.abspath(directory))
    make_directory(above)
    try:
        os.mkdir(directory, PRIVATE)
    except FileExistsError:
        if not os.path.isdir(directory):
            raise
    else:
        open_up(directory)


def open_up(directory: str | os.PathLike[str]) -> None:
    """Give a directory that was just made its mode. Raises OSError."""
    if _directory_mode != PRIVATE:
        os.chmod(directory, _directory_mode)


def file_mode() -> int:
    """The mode of a file that is to be made."""
    return _directory_mode & 0o666
