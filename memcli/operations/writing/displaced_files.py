"""Files of a session's worktree that gave way to newer ones, and may still be written by whoever has them open.

Contract: a displaced file is kept until nobody can write to it any more and nothing in it is unsaved.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from memcli.core.memory.anchors import blob_id
from memcli.git.worktrees import MAX_READ
from memcli.operations.writing.known_files import KnownFile
from memcli.system.file_modes import make_directory
from memcli.system.shared_files import may_be_written, read_regular

SETTLED, SILENT = 5.0, 14 * 86400.0
"""Seconds since its last change after which a displaced file that nobody has open is deleted (who was just opening it
has done so by then), and after which any is, where the system cannot tell who has it open."""


@dataclass(frozen=True)
class DisplacedFile:
    """A file that gave way at `path` to one with the blob `new`, and what was known about it then. The directory that
    it is kept in tells all: `<read>.<text>.<new>.<number>/<path>`."""

    home: Path
    path: str
    known: KnownFile
    new: str = ""

    @property
    def file(self) -> Path:
        return self.home / self.path

    @property
    def data(self) -> bytes | None:
        """What is in it now; None where it is no file, or gone."""
        return read_regular(self.file, MAX_READ + 1)

    @property
    def is_unsaved(self) -> bool:
        """Whether somebody wrote into it after it was read: just before it gave way, or because they had it open."""
        data = self.data
        if data is None:
            return self.file.is_symlink() or self.file.exists()
        return blob_id(data) not in (self.known.read, self.new)

    def is_settled(self, seconds: float = SETTLED) -> bool:
        """Whether nothing can be written into it any more: it did not change for so long, and nobody has it open."""
        try:
            status, may_change = self.file.stat(), may_be_written(self.file)
        except OSError:
            return False
        limit = SILENT if may_change is None else seconds
        return not may_change and time.time() - max(status.st_mtime, status.st_ctime) > limit


class DisplacedFiles:
    """The displaced files of one session."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __iter__(self) -> Iterator[DisplacedFile]:
        """All that are kept."""
        for home in sorted(self._home.glob("*.*.*.*")):
            read, text, new, _ = home.name.split(".")
            for place, _, names in os.walk(home):  # which may be going just now
                for path in [Path(place, name).relative_to(home).as_posix() for name in names]:
                    yield DisplacedFile(home, path, KnownFile(read, text), new)

    def tidy(self, seconds: float = SETTLED) -> None:
        """Delete those that nobody needs any more and that did not change for so many seconds."""
        for displaced in self:
            if displaced.is_settled(seconds) and not displaced.is_unsaved:
                self.drop(displaced)

    def room(self, path: str, known: KnownFile, new: str = "") -> DisplacedFile:
        """The place of a file that is to give way. Raises OSError."""
        names = (f"{known.read}.{known.text}.{new}.{number}" for number in count())
        home = next(home for name in names if not (home := self._home / name).exists())
        displaced = DisplacedFile(home, path, known, new)
        make_directory(displaced.file.parent)
        return displaced

    def prepared(self, path: str, data: bytes, known: KnownFile) -> DisplacedFile:
        """The bytes of the new file, whole, in the place of the one that is to give way to it. Raises OSError."""
        temporary = self._home / f".{os.getpid()}"
        temporary.write_bytes(data)  # a part of them in that place would pass for the author's
        displaced = self.room(path, known, blob_id(data))
        temporary.replace(displaced.file)
        return displaced

    def note(self, displaced: DisplacedFile, known: KnownFile) -> None:
        """Note what was recorded of bytes that came late. Raises OSError."""
        displaced.file.rename(self.room(displaced.path, known).file)
        self.drop(displaced)

    def drop(self, displaced: DisplacedFile) -> None:
        """Delete a displaced file, if it is there, and the directories that it was kept in."""
        displaced.file.unlink(missing_ok=True)
        with suppress(OSError):  # another file is in it
            for directory in Path(displaced.path).parents:
                (displaced.home / directory).rmdir()
