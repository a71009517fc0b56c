"""Files that are whole or not there, whatever happens: temporary file, write, fsync, rename, fsync of the directory.

Nothing but `os` is imported: a hook that only records pays for every import.
"""

from __future__ import annotations

import os

from memcli.system.file_modes import make_directory


def replace(file: str, data: bytes) -> None:
    """Replace a file so that after a crash it holds the old bytes or the new, never a part. Raises OSError."""
    directory, name = os.path.split(file)
    temporary = os.path.join(directory, f".{name}.{os.getpid()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        try:
            _write(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, file)
    except BaseException:
        _remove(temporary)
        raise


def put(directory: str, name: str, data: bytes) -> None:
    """A new file that survives a power cut once this returns. Raises OSError, and it is not there."""
    make_directory(directory)
    file = os.path.join(directory, name)
    replace(file, data)
    try:
        _sync(directory)
    except BaseException:
        _remove(file)  # whoever hears of a failure tries again: it must not be there twice
        raise


def append_lines(handle: int, lines: str) -> None:
    """Add lines to an open file, on the disk once this returns; a torn last line stays one of its own.

    Raises OSError, and the file is as it was: on a full disk `write` takes a part and reports no error.
    """
    size = os.fstat(handle).st_size
    is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
    try:
        _write(handle, (("\n" if is_torn else "") + lines).encode())
    except OSError:
        os.ftruncate(handle, size)
        raise
    os.fsync(handle)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _sync(directory: str) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(file: str) -> None:
    try:
        os.unlink(file)
    except OSError:
        pass  # it was never made
