"""The objects this process has written, until it is proven that they are on disk to stay.

A `git gc --prune=now` beside us deletes what no ref reaches yet; `settle` looks, as another process would, and writes
again what it has taken (`fresh` has what that misses).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from memcli.errors import Failure
from memcli.git.objects import readable
from memcli.git.pending_objects import Raw, insist


class Written:
    """Raw objects by id."""

    def __init__(self, common: Path) -> None:
        self._common = common
        self._objects: dict[str, Raw] = {}

    def note(self, object_id: str, kind: int, data: bytes) -> str:
        """Remember an object; its id."""
        self._objects[object_id] = (kind, data)
        return object_id

    def get(self, object_id: str) -> Raw | None:
        """The object as it was written, None where this process has not written it."""
        return self._objects.get(object_id)

    def reached(self, commits: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        """{id: raw object} of all that we wrote and that the commits reach, the objects in between left out."""
        found: dict[str, tuple[int, bytes]] = {}
        todo = list(commits)
        while todo:
            object_id = todo.pop()
            if object_id in self._objects and object_id not in found:
                found[object_id] = self._objects[object_id]
                todo += _references(*found[object_id])
        return found

    def settle(self, commits: Iterable[str] | None = None) -> None:
        """Check, as another process would, that what the commits brought is on disk, and write again what is not.

        Without commits: all that was written.
        """
        import pygit2

        reached = self._objects if commits is None else self.reached(commits)
        for _ in range(3):
            fresh = pygit2.Odb(str(self._common / "objects"))  # this repository's own handle answers from its cache
            lost = [object_id for object_id in reached if object_id not in fresh]
            if not lost:
                return
            with readable():
                for object_id in lost:
                    insist(partial(fresh.write, *reached[object_id]))
        raise Failure("written git objects keep vanishing", "stop any 'git gc --prune=now' that runs, then try again")


def _references(kind: int, data: bytes) -> Iterator[str]:
    """The ids that a raw commit or tree names (libgit2's types 1 and 2)."""
    if kind == 1:
        header = data.partition(b"\n\n")[0].decode("ascii", "replace").split("\n")
        yield from (line.split(" ")[1] for line in header if line.startswith(("tree ", "parent ")))
    while kind == 2 and data:
        _, _, rest = data.partition(b"\0")
        yield rest[:20].hex()
        data = rest[20:]
