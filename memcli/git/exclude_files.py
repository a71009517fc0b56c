"""The files that exclude code paths from memory: the team's `.memignore`, and one of this clone's own.

Contract: where there are none, reading costs a stat each. A file that cannot be read is an error, never an empty list:
what it excludes is unknown then. Writing changes whole lines and leaves all others as they are, to the byte.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from memcli.errors import Failure
from memcli.git.layout import Layout
from memcli.system.file_modes import make_directory

SHARED, OWN = ".memignore", "exclude"
MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class ExcludeFile:
    """`name` is what people are shown."""

    name: str
    path: Path
    text: str


def shared_file(layout: Layout) -> Path | None:
    """The team's file, at the root of the code worktree; None in a bare repository."""
    return Path(layout.worktree, SHARED) if layout.worktree else None


def own_file(layout: Layout) -> Path:
    """This clone's file, beside the store's other things, like git's own `info/exclude`."""
    return Path(layout.mem_dir, OWN)


def read_all(layout: Layout) -> tuple[ExcludeFile, ...]:
    """The files that exist, the team's first. Raises Failure."""
    paths = ((SHARED, shared_file(layout)), (f"<git>/mem/{OWN}", own_file(layout)))
    texts = ((name, path, _read(path)) for name, path in paths if path)
    return tuple(ExcludeFile(name, path, text) for name, path, text in texts if text is not None)


def _read(path: Path) -> str | None:
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            message = f"cannot read {path}: not a regular text file of at most 1 MiB"
            raise Failure(message, "replace it with a text file")
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if not os.access(path.parent, os.X_OK):
            return None  # the owner's, in a repository that others may only read
        raise Failure(
            f"cannot read {path}: {error.strerror}", "make it readable, then run the command again"
        ) from error


def add_line(path: Path, line: str) -> bool:
    """Append a line unless it is there; whether the file changed."""
    text = _read(path) or ""
    if line in (other.removesuffix("\r") for other in text.split("\n")):
        return False
    _write(path, text + ("\n" if text and not text.endswith("\n") else "") + line + "\n")
    return True


def remove_line(path: Path, line: str) -> bool:
    """Remove a line wherever it stands, and the file once it is empty; whether the file changed."""
    text = _read(path)
    lines = (text or "").split("\n")
    kept = [other for other in lines if other.removeprefix("\ufeff").removesuffix("\r") != line]
    if len(kept) == len(lines):
        return False
    _write(path, "\n".join(kept))
    return True


def _write(path: Path, text: str) -> None:
    """All of it or nothing."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        make_directory(path.parent)
        if not text:
            path.unlink(missing_ok=True)
            return
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
        temporary.write_bytes(text.encode("utf-8", "surrogateescape"))
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise Failure(f"{path} cannot be written: {error.strerror}", "make its directory writable") from error
