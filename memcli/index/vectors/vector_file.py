"""The vectors of one embedder: a flat memory-mapped file of float16 rows, and beside it the key of each row.

`<directory>/head.json` has the names of both files, the number of rows and the checksums of their bytes; it is replaced
atomically, last. So a row is there completely or not at all, an interrupted or damaged file is recognised, and what
cannot be trusted is left behind for fresh files: nothing is repaired, everything can be embedded again. Rows are only
ever appended: no reader's memory map shrinks.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from memcli.index.vectors.dot_products import dot_products
from memcli.system.file_modes import file_mode, make_directory

KEY = 16
"""Bytes of a key."""
VERSION = 1


@dataclass(frozen=True)
class Head:
    """The contents of `head.json`; `stamp` is (size, mtime) of both files, changed where somebody else wrote them."""

    version: int
    name: str
    dimensions: int
    count: int
    sums: tuple[int, int]
    stamp: tuple[int, ...]


@dataclass(frozen=True)
class VectorBlock:
    """Rows that lie one behind the other: `keys` has their keys, `rows` their float16."""

    keys: bytes
    rows: memoryview

    def __len__(self) -> int:
        return len(self.keys) // KEY

    def row(self, place: int) -> list[float]:
        size = len(self.rows) // len(self)
        return list(struct.unpack(f"{size // 2}e", self.rows[place * size : (place + 1) * size]))


class Vectors:
    """The vectors in one directory (None: of this process alone); no failure of the disk is raised."""

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._blocks: list[VectorBlock] = []
        self._mapped = False
        self._map()

    def __len__(self) -> int:
        """How many rows there are."""
        return sum(map(len, self._blocks))

    @property
    def persistent(self) -> int:
        """How many of them are on disk."""
        return len(self._blocks[0]) if self._mapped else 0

    def key(self, place: int) -> bytes:
        """The key of a row."""
        return self._keys[place * KEY : place * KEY + KEY]

    def places(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        """{key: row} of those keys that have one."""
        return {key: self._places[key] for key in keys if key in self._places}

    def get(self, keys: Sequence[bytes]) -> list[list[float]]:
        """The rows of these keys. Raises KeyError for a key that has no row."""
        return [self._row(self._places[key]) for key in keys]

    def cosines(self, query: Sequence[float]) -> list[float]:
        """The cosine of each row with a query of length 1."""
        return list(chain.from_iterable(dot_products(query, block.rows) for block in self._blocks))

    def add(self, keys: Sequence[bytes], rows: Sequence[Sequence[float]]) -> None:
        """Append rows, those known already left out; kept in this process where the disk cannot take them."""
        missing = {key: row for key, row in zip(keys, rows, strict=True) if key not in self._places}
        if not missing:
            return
        dimensions = len(rows[0])
        packed = (struct.pack(f"{dimensions}e", *row) for row in missing.values())
        block = VectorBlock(b"".join(missing), memoryview(b"".join(packed)))
        try:
            self._append(block, dimensions)
        except OSError:
            self._blocks.append(block)
        self.__dict__.pop("_places", None)
        self.__dict__.pop("_keys", None)

    @cached_property
    def _keys(self) -> bytes:
        return b"".join(block.keys for block in self._blocks)

    @cached_property
    def _places(self) -> dict[bytes, int]:
        return {key: place for place, (key,) in enumerate(struct.iter_unpack(f"{KEY}s", self._keys))}

    def _row(self, place: int) -> list[float]:
        for block in self._blocks:
            if place < len(block):
                return block.row(place)
            place -= len(block)
        raise IndexError(place)

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
        head = self._head()
        if head is None or self.directory is None or head.count == 0:
            return
        keys, data = _files(self.directory, head.name)
        try:
            block = VectorBlock(keys.read_bytes()[: head.count * KEY], _mapped(data, head.count * head.dimensions * 2))
        except (OSError, ValueError):
            return
        # what an earlier full disk kept in memory stays there, unless another process has added it since
        self._blocks, self._mapped = [block, *self._blocks[self._mapped :]], True

    def _append(self, block: VectorBlock, dimensions: int) -> None:
        """Add to the files under a lock, on top of what other processes have added meanwhile. Raises OSError."""
        if self.directory is None:
            raise OSError("in memory")
        with _locked(self.directory):
            head = self._head()
            if head is None or head.dimensions != dimensions:
                head = Head(VERSION, os.urandom(8).hex(), dimensions, 0, (0, 0), ())
            _write_at(self.directory, head, block)
            count = head.count + len(block)
            sums = (zlib.crc32(block.keys, head.sums[0]), zlib.crc32(block.rows, head.sums[1]))
            _replace(
                self.directory,
                Head(VERSION, head.name, head.dimensions, count, sums, _stamp(self.directory, head.name)),
            )
        self._map()


def _mapped(file: Path, size: int) -> memoryview:
    """The first bytes of a file, read as they are needed. Raises OSError, ValueError."""
    with file.open("rb") as stream:
        return memoryview(mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ))


def _files(directory: Path, name: str) -> tuple[Path, Path]:
    return directory / f"vectors-{name}.keys", directory / f"vectors-{name}.f16"


def _stamp(directory: Path, name: str) -> tuple[int, ...]:
    stats = [file.stat() for file in _files(directory, name)]
    return tuple(number for stat in stats for number in (stat.st_size, stat.st_mtime_ns))


def _sums(directory: Path, head: Head) -> tuple[int, int]:
    keys, data = (file.read_bytes() for file in _files(directory, head.name))
    return zlib.crc32(keys[: head.count * KEY]), zlib.crc32(data[: head.count * head.dimensions * 2])


def _write_at(directory: Path, head: Head, block: VectorBlock) -> None:
    """Write both files on from where the head ends: what an interrupted writer left behind is written over."""
    sizes = (head.count * KEY, head.count * head.dimensions * 2)
    for file, size, content in zip(
        _files(directory, head.name), sizes, (block.keys, block.rows.tobytes()), strict=True
    ):
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
