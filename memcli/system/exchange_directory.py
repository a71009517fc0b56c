"""A directory through which files are exchanged with another program: writing a new one, reading one back.

Contract: no link is followed, so that nothing outside is read or written; only regular files are read; what is read
fits into memory.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from memcli.errors import Conflict, Failure, NotFound

MOST_BYTES, MOST_NAMES = 8 << 20, 10_000
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass
class ReceivedFiles:
    """Files by name (`/` below the directory), and what was left out, with the reason."""

    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def write_fresh(path: Path, files: Mapping[str, str]) -> None:
    """Write files into a new or empty directory. Raises Conflict where something is there already, Failure."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if next(path.iterdir(), None) is not None:
            raise Conflict(f"{path} is not empty", "name a directory that does not exist yet")
        for directory in sorted({Path(name).parent for name in files} - {Path()}):
            (path / directory).mkdir()
        for name, text in files.items():
            with os.fdopen(os.open(path / name, _MAKE, 0o666), "w", encoding="utf-8", errors="replace") as stream:
                stream.write(text)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", "name a directory that can be written") from error


def read_known(path: Path, wanted: Collection[str], ignored: Collection[str] = ()) -> ReceivedFiles:
    """The wanted files (at most one directory deep) that are there. Raises NotFound where the directory is not."""
    received = ReceivedFiles()
    try:
        root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror}", "name the directory made by '--prepare'") from error
    try:
        _read_into(received, root, "", wanted, ignored)
    finally:
        os.close(root)
    return received


def _read_into(
    received: ReceivedFiles, directory: int, prefix: str, wanted: Collection[str], ignored: Collection[str]
) -> None:
    folders = {name.partition("/")[0] for name in wanted if "/" in name} if not prefix else set()
    with os.scandir(directory) as entries:
        listed = sorted(entry.name for entry in islice(entries, MOST_NAMES))
    unexpected = [name for name in listed if prefix + name not in wanted and name not in folders]
    for name in listed:
        if prefix + name in wanted:
            _read_file(received, directory, prefix, name)
        elif name in folders:
            _read_folder(received, directory, name, wanted)
    unknown = [prefix + name for name in unexpected if prefix + name not in ignored]
    if unknown:
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        received.remarks.append(f"ignored {', '.join(map(repr, unknown[:5]))}{more}: not part of this job")


def _read_folder(received: ReceivedFiles, directory: int, name: str, wanted: Collection[str]) -> None:
    try:
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
    except OSError:
        received.remarks.append(f"ignored {name!r}: not a directory of this job")
        return
    try:
        _read_into(received, inner, f"{name}/", wanted, ())
    finally:
        os.close(inner)


def _read_file(received: ReceivedFiles, directory: int, prefix: str, name: str) -> None:
    room = MOST_BYTES - sum(map(len, received.files.values()))
    data = None
    with suppress(OSError):
        data = _bytes(os.open(name, _OPEN, dir_fd=directory), room)
    if data is None:
        received.remarks.append(f"ignored {prefix + name!r}: not a regular file")
    elif len(data) > room:
        received.remarks.append(f"ignored {prefix + name!r}: too large")
    else:
        received.files[prefix + name] = data


def _bytes(descriptor: int, room: int) -> bytes | None:
    """The content of an open plain file and one byte more than there is room for; None for anything else."""
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read(room + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
