"""The decisions of people who are not done yet: `<common>/mem/decisions`, one JSON line for each.

Contract: a line is on the disk once `append` returns; a torn last line, of a process that was killed, is skipped.
Several processes may append at once, and the file is only emptied while it holds nothing that counts.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from memcli.system.durable_files import append_lines
from memcli.system.file_modes import file_mode, make_directory

Line = Mapping[str, object]


class DecisionLog:
    """The lines of one repository, oldest first."""

    def __init__(self, mem_dir: str) -> None:
        self.file = Path(mem_dir, "decisions")

    def lines(self) -> list[Line]:
        """All that can be read; none without a file."""
        try:
            return list(_parsed(self.file.read_bytes()))
        except OSError:
            return []

    def append(self, lines: Iterable[Line], is_over: Callable[[list[Line]], bool]) -> None:
        """Add lines; where nothing of all that is there counts any more, as `is_over` tells, the file is emptied.
        Raises OSError, and the file is as it was."""
        added = list(lines)
        make_directory(self.file.parent)
        with self._locked() as handle:
            known = os.pread(handle, os.fstat(handle).st_size, 0)
            if is_over([*_parsed(known), *added]):
                os.ftruncate(handle, 0)
                return
            append_lines(handle, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in added))

    @contextmanager
    def _locked(self) -> Iterator[int]:
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, file_mode())
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def _parsed(data: bytes) -> Iterator[Line]:
    for text in data.decode("utf-8", "replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line
