"""Copies of the newest objects, where no git looks: what a `git gc` takes while a ref is being moved comes back.

Gc decides what is unreachable first and deletes it later; an object that gets its ref in between is gone, and a check
right after the move can still be too early to see it. So what a ref is about to make reachable is copied here first.
Contract: what `keep` has taken, `heal` can bring back, for about the last thousand objects; the copies are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

ENOUGH = 1 << 16
"""Bytes of the list, a thousand rows: then it begins anew, and the one before the last goes."""
Written = TypeVar("Written")
Raw = tuple[int, bytes]
"""An object's type, as libgit2 numbers it, and its content."""


class Fresh:
    """The copies of one repository: `fresh` holds them one after another, `fresh.list` says what lies where."""

    def __init__(self, common: Path) -> None:
        self._objects, self._home = common / "objects", common / "mem"

    def keep(self, objects: Mapping[str, Raw]) -> None:
        """Copy objects. Raises OSError."""
        import zlib

        self._turn_over()
        rows = []
        with (self._home / "fresh").open("ab") as stream:
            for object_id, (kind, data) in objects.items():
                packed = zlib.compress(data, 1)
                rows.append(f"{object_id} {kind} {stream.tell()} {len(packed)}\n")
                stream.write(packed)
        with (self._home / "fresh.list").open("a", encoding="ascii") as stream_of_rows:
            stream_of_rows.write("".join(rows))

    def _turn_over(self) -> None:
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        rows = self._home / "fresh.list"
        if rows.exists() and rows.stat().st_size > ENOUGH:
            rows.replace(self._home / "fresh.old.list")
            (self._home / "fresh").replace(self._home / "fresh.old")

    def heal(self) -> int:
        """Write the objects that are missing again; how many there were."""
        import pygit2

        odb = pygit2.Odb(str(self._objects))
        lost = [(name, row) for name in ("fresh.old", "fresh") for row in self._rows(name) if row[:40] not in odb]
        copies = [copy for name, row in lost if (copy := self._copy(name, row))]
        return len([insist(partial(odb.write, *copy)) for copy in copies])

    def _rows(self, name: str) -> list[str]:
        try:
            text = (self._home / f"{name}.list").read_text(encoding="ascii", errors="replace")
        except OSError:
            return []
        return text.split("\n")[:-1]  # what follows the last line end was torn

    def _copy(self, name: str, row: str) -> Raw | None:
        """The object of a row; None where its copy is not whole (a crash, or two lists crossing)."""
        import zlib

        try:
            _, kind, offset, length = row.split(" ")
            with (self._home / name).open("rb") as stream:
                stream.seek(int(offset))
                return int(kind), zlib.decompress(stream.read(int(length)))
        except (OSError, ValueError, zlib.error):
            return None


def insist(write: Callable[[], Written]) -> Written:
    """Write an object; once more where a gc has just removed it, or the empty directory it was to lie in.

    Raises OSError, KeyError.
    """
    for _ in range(4):
        with suppress(OSError, KeyError):
            return write()
    return write()
