"""The vectors of one embedder: a flat memory-mapped file of float16 rows, and beside it the key of each row.

`<directory>/head.json` has the names of both files, the number of rows and the checksums of their bytes; it is replaced
atomically, last. So a row is there completely or not at all, an interrupted or damaged file is recognised, and what
cannot be trusted is left behind for fresh files: nothing is repaired, everything can be embedded again. Rows are only
ever appended: no reader's memory map shrinks.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memcli.system.file_modes import file_mode, make_directory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

KEY = 16
"""Bytes of a key."""
VERSION = 1
SCANNED = 1_024
"""Rows turned into float32 at a time: they stay in the processor's cache, which is three times as fast."""


@dataclass(frozen=True)
class Head:
    """The contents of `head.json`; `stamp` is (size, mtime) of both files, changed where somebody else wrote them."""

    version: int
    name: str
    dimensions: int
    count: int
    sums: tuple[int, int]
    stamp: tuple[int, ...]


class Vectors:
    """The vectors in one directory (None: of this process alone); no failure of the disk is raised."""

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._blocks: list[tuple[bytes, Any]] = []
        self._mapped = False
        self._map()
        self._keys = b"".join(keys for keys, _ in self._blocks)

    def __len__(self) -> int:
        """How many rows there are."""
        return sum(len(rows) for _, rows in self._blocks)

    @property
    def persistent(self) -> int:
        """How many of them are on disk."""
        return len(self._blocks[0][1]) if self._mapped else 0

    def key(self, place: int) -> bytes:
        """The key of a row."""
        return self._keys[place * KEY : place * KEY + KEY]

    def places(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        """{key: row} of those keys that have one."""
        import numpy as np

        if not keys:
            return {}
        beginnings, wanted = (np.frombuffer(packed, "<u8")[::2] for packed in (self._keys, b"".join(keys)))
        wanted = np.sort(wanted)  # np.isin does the same, but its first call costs 13 ms
        nearest = np.minimum(np.searchsorted(wanted, beginnings), len(wanted) - 1)
        alike = np.flatnonzero(wanted[nearest] == beginnings)
        places = {self.key(place): place for place in alike.tolist()}
        return {key: places[key] for key in keys if key in places}

    def get(self, keys: Sequence[bytes]) -> Rows:
        """(keys, dimensions) float32. Raises KeyError for a key that has no row."""
        import numpy as np

        every = [rows for _, rows in self._blocks]
        flat = every[0] if len(every) == 1 else np.concatenate(every)
        places = self.places(keys)
        return np.asarray(flat[[places[key] for key in keys]], np.float32)

    def cosines(self, query: Rows) -> Rows:
        """(rows,) float32: the cosine of each row with a query of length 1."""
        import numpy as np

        pieces = [rows[first : first + SCANNED] for _, rows in self._blocks for first in range(0, len(rows), SCANNED)]
        return np.concatenate([np.zeros(0, np.float32), *(piece.astype(np.float32) @ query for piece in pieces)])

    def add(self, keys: Sequence[bytes], rows: Rows) -> None:
        """Append rows, those known already left out; kept in this process where the disk cannot take them."""
        import numpy as np

        known = self.places(keys)
        places = {key: place for place, key in enumerate(keys) if key not in known}
        if not places:
            return
        names, data = b"".join(places), rows[list(places.values())].astype(np.float16)
        try:
            self._append(names, data)
        except OSError:
            self._blocks.append((names, data))
        self._keys = b"".join(keys for keys, _ in self._blocks)

    def sound(self) -> bool:
        """Whether the files have the checksums in the head; reads all of them."""
        if self.directory is None or not (self.directory / "head.json").exists():
            return True
        head = self._head()
        return head is not None and _sums(self.directory, head) == head.sums

    def _head(self) -> Head | None:
        """The head, None where there is none of ours or its files are shorter than it says."""
        if self.directory is None:
            return None
        try:
            fields = json.loads((self.directory / "head.json").read_text("utf-8"))
            head = Head(**{**fields, "sums": tuple(fields["sums"]), "stamp": tuple(fields["stamp"])})
            if head.version != VERSION or not head.name.isalnum() or head.count < 0 or head.dimensions < 1:
                return None
            stamp = _stamp(self.directory, head.name)
            whole = stamp[0] >= head.count * KEY and stamp[2] >= head.count * head.dimensions * 2
            return head if whole and (stamp == head.stamp or _sums(self.directory, head) == head.sums) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _map(self) -> None:
        import numpy as np

        head = self._head()
        if head is None or self.directory is None or head.count == 0:
            return
        keys, data = _files(self.directory, head.name)
        try:
            names = keys.read_bytes()[: head.count * KEY]
            rows = np.memmap(data, np.float16, "r", shape=(head.count, head.dimensions))
        except (OSError, ValueError):
            return
        # what an earlier full disk kept in memory stays there, unless another process has added it since
        self._blocks, self._mapped = [(names, rows), *self._blocks[self._mapped :]], True

    def _append(self, names: bytes, data: Any) -> None:
        """Add to the files under a lock, on top of what other processes have added meanwhile. Raises OSError."""
        if self.directory is None:
            raise OSError("in memory")
        with _locked(self.directory):
            head = self._head()
            if head is None or head.dimensions != data.shape[1]:
                head = Head(VERSION, os.urandom(8).hex(), data.shape[1], 0, (0, 0), ())
            _write_at(self.directory, head, (names, data.tobytes()))
            count = head.count + len(data)
            sums = (zlib.crc32(names, head.sums[0]), zlib.crc32(data.tobytes(), head.sums[1]))
            _replace(
                self.directory,
                Head(VERSION, head.name, head.dimensions, count, sums, _stamp(self.directory, head.name)),
            )
        self._map()


def _files(directory: Path, name: str) -> tuple[Path, Path]:
    return directory / f"vectors-{name}.keys", directory / f"vectors-{name}.f16"


def _stamp(directory: Path, name: str) -> tuple[int, ...]:
    stats = [file.stat() for file in _files(directory, name)]
    return tuple(number for stat in stats for number in (stat.st_size, stat.st_mtime_ns))


def _sums(directory: Path, head: Head) -> tuple[int, int]:
    keys, data = (file.read_bytes() for file in _files(directory, head.name))
    return zlib.crc32(keys[: head.count * KEY]), zlib.crc32(data[: head.count * head.dimensions * 2])


def _write_at(directory: Path, head: Head, contents: tuple[bytes, bytes]) -> None:
    """Write both files on from where the head ends: what an interrupted writer left behind is written over."""
    sizes = (head.count * KEY, head.count * head.dimensions * 2)
    for file, size, content in zip(_files(directory, head.name), sizes, contents, strict=True):
        with file.open("r+b" if file.exists() else "xb") as stream:
            stream.seek(size)
            stream.write(content)


def _replace(directory: Path, head: Head) -> None:
    temporary = directory / f"head-{os.getpid()}"
    temporary.write_text(json.dumps(asdict(head)), "utf-8")
    temporary.replace(directory / "head.json")
    for old in set(directory.glob("vectors-*")).difference(_files(directory, head.name)):
        old.unlink(missing_ok=True)  # a reader's map of it lives on


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """One writer at a time; the lock goes with its process."""
    import fcntl

    make_directory(directory)
    handle = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, file_mode())
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
