"""The objects this process has written, and copies of the newest ones where git does not look.

`git gc --prune=now` decides first what is unreachable and deletes it later. An object that gets its ref in between is
lost, and a check right after the move can still be too early to see it. So what a ref is about to make reachable is
copied to `<common>/mem/pending` before the ref moves, and written again whenever it is missing. The file holds one
record after another (`<id> <type> <length>` and a line end, then the compressed content) and has one predecessor,
`pending.old`. Losing both loses nothing but this protection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from memcli.git.objects import readable
from memcli.system.file_modes import make_directory

PENDING = "pending"
LIMIT = 1 << 19
"""Bytes of copies, those of about a thousand objects, after which the file becomes the predecessor."""
Made = TypeVar("Made")
RawObject = tuple[int, bytes]
"""An object's type, as libgit2 numbers it, and its content."""
_COMMIT, _TREE = 1, 2
_RECORD = re.compile(rb"([0-9a-f]{40}) ([1-4]) (\d+)\n")


class PendingObjects:
    """The written objects of one process, and the copies that all processes of a repository share."""

    def __init__(self, common: Path) -> None:
        self._objects, self._file = common / "objects", common / "mem" / PENDING
        self._old = self._file.with_suffix(".old")
        self._written: dict[str, RawObject] = {}
        self._kept = set[str]()

    def note(self, object_id: str, kind: int, data: bytes) -> str:
        """Remember an object that was just written; its id."""
        self._written[object_id] = (kind, data)
        return object_id

    def written(self, object_id: str) -> RawObject | None:
        """The object, if this process has written it and not published it yet."""
        return self._written.get(object_id)

    def keep(self, commits: Iterable[str]) -> None:
        """Copy what this process has written and the commits reach. Call it with the store's lock held.

        Raises OSError.
        """
        reached = self._reached(commits)
        self._append(b"".join(_record(object_id, *self._written[object_id]) for object_id in reached))
        for object_id in reached:
            del self._written[object_id]
        self._kept = reached

    def _reached(self, commits: Iterable[str]) -> set[str]:
        """The ids of the written objects that the commits reach through written objects."""
        reached, waiting = set[str](), list(commits)
        while waiting:
            object_id = waiting.pop()
            if object_id in self._written and object_id not in reached:
                reached.add(object_id)
                waiting += _references(*self._written[object_id])
        return reached

    def _append(self, data: bytes) -> None:
        make_directory(self._file.parent)
        if self._file.exists() and self._file.stat().st_size > LIMIT:
            self._file.replace(self._old)
        with self._file.open("ab") as stream:
            stream.write(data)

    def heal(self) -> int:
        """Write every copied object again that is missing; how many there were. Raises Failure, OSError."""
        import pygit2

        with readable():
            odb = pygit2.Odb(str(self._objects))  # a handle of its own: the repository's answers from its cache
            missing = [(kind, packed) for object_id, kind, packed in self._copies() if object_id not in odb]
            contents = [(kind, data) for kind, packed in missing if (data := _unpacked(packed)) is not None]
            return len([retried(partial(odb.write, kind, data)) for kind, data in contents])

    def heal_kept(self) -> int:
        """`heal` if an object of the last `keep` is missing: the others were looked at when the lock was taken."""
        import pygit2

        with readable():
            odb = pygit2.Odb(str(self._objects))
            is_complete = all(object_id in odb for object_id in self._kept)
        return 0 if is_complete else self.heal()

    def _copies(self) -> Iterator[tuple[str, int, bytes]]:
        """(id, type, compressed content) of every copy; one that a crash has torn may hold anything."""
        for file in (self._old, self._file):
            with suppress(OSError):
                data = file.read_bytes()
                for record in _records(data):
                    yield record[1].decode(), int(record[2]), data[record.end() : record.end() + int(record[3])]


def _records(data: bytes) -> Iterator[re.Match[bytes]]:
    """The header of every record, each looked for behind the content of the one before; behind its header where that
    content is torn. To search all of the bytes costs 8 ms."""
    content = end = 0
    while header := _RECORD.match(data, end) or _RECORD.search(data, content):
        content, end = header.end(), header.end() + int(header[3])
        yield header


def _record(object_id: str, kind: int, data: bytes) -> bytes:
    import zlib

    packed = zlib.compress(data, 1)
    return b"%s %d %d\n" % (object_id.encode(), kind, len(packed)) + packed


def _unpacked(packed: bytes) -> bytes | None:
    import zlib

    try:
        return zlib.decompress(packed)
    except zlib.error:
        return None


def _references(kind: int, data: bytes) -> Iterator[str]:
    """The ids that a raw commit or tree names."""
    if kind == _COMMIT:
        header = data.partition(b"\n\n")[0].decode("ascii", "replace").split("\n")
        yield from (line.split(" ")[1] for line in header if line.startswith(("tree ", "parent ")))
    while kind == _TREE and data:
        _, _, rest = data.partition(b"\0")
        yield rest[:20].hex()
        data = rest[20:]


def retried(write: Callable[[], Made]) -> Made:
    """Write an object; again where a gc has just removed it, or the empty directory it was to lie in.

    Raises OSError, KeyError.
    """
    for _ in range(4):
        with suppress(OSError, KeyError):
            return write()
    return write()
