"""Copies of the newest objects, where no git looks: what a `git gc` takes while a ref is being moved comes back.

Gc decides what is unreachable first and deletes it later; an object that gets its ref in between is gone, and a check
right after the move can still be too early to see it. So what a ref is about to make reachable is copied here first.
Contract: what `keep` has taken, `heal` can bring back, for at least the `NEWEST` objects; the copies are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

NEWEST = 1024
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
        """Begin anew when there are enough, keeping the last ones: the oldest copies go."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if len(list(self._rows("fresh"))) > NEWEST:
            (self._home / "fresh.list").replace(self._home / "fresh.old.list")
            (self._home / "fresh").replace(self._home / "fresh.old")

    def _rows(self, name: str) -> Iterator[tuple[str, int, int, int]]:
        try:
            lines = (self._home / f"{name}.list").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return
        for line in lines:
            words = line.split(" ")
            if len(words) == 4 and all(word.isdecimal() for word in words[1:]):  # the last one may be torn
                yield words[0], int(words[1]), int(words[2]), int(words[3])

    def heal(self) -> int:
        """Write the objects that are missing again; how many there were."""
        import pygit2

        odb = pygit2.Odb(str(self._objects))
        healed = 0
        for name in ("fresh.old", "fresh"):
            for object_id, kind, offset, length in self._rows(name):
                if object_id not in odb:
                    healed += odb.write(kind, self._copy(name, offset, length)) is not None
        return healed

    def _copy(self, name: str, offset: int, length: int) -> bytes:
        import zlib

        with (self._home / name).open("rb") as stream:
            stream.seek(offset)
            return zlib.decompress(stream.read(length))
