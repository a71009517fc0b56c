"""The vectors of what one view shows: which memories are near a text, and how near.

A memory is as near as its nearest part. The scan is exact and over all vectors there are, those of other versions and
sessions too; what the view does not show, or a filter excludes, is dropped afterwards. A failing embedder leaves its
reason in `failure` and no scores: recall goes on without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from heapq import nlargest
from typing import TYPE_CHECKING

from memcli.core.memory import document
from memcli.core.memory.parts import parts
from memcli.core.memory.summary import Filters
from memcli.errors import MemError
from memcli.index.storage.filters import marks
from memcli.index.storage.validity import Condition
from memcli.index.vectors.embedding import Embedder, Unavailable
from memcli.index.vectors.vector_file import Vectors

if TYPE_CHECKING:
    import sqlite3

BATCH = 256
"""Parts embedded at a time: what is done is kept when a long fill is interrupted."""
INLINE = 64
"""How many parts a slow embedder may embed while somebody waits for an answer."""
WIDER = 4
"""How many times more vectors than memories wanted are looked at first: parts, versions and filters take some."""
EXACT = 6
"""Decimals of a cosine: what lies below depends on the processor."""
Scores = dict[str, float]
Select = Callable[[Sequence[float], int], Sequence[bytes]]
"""(query vector, number) → the keys of that many nearest parts."""


class Dense:
    """The dense side of one view; `condition` tells which memories pass a filter and are shown."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        condition: Callable[[Filters], Condition],
        embedder: Embedder,
        vectors: Vectors,
    ) -> None:
        self.embedder, self.vectors = embedder, vectors
        self.failure: str | None = None
        self.select: Select | None = None
        self._connection, self._condition = connection, condition
        self._scans: dict[str, list[float]] = {}

    def nearest(self, text: str, limit: int, filters: Filters) -> list[tuple[str, float]]:
        """(id, cosine) of the memories nearest to a text, best first, ties by id."""
        scan = self._scan(text)
        places = self._selected(text, WIDER * limit) if self.select else _top(scan, WIDER * limit)
        scores = self._best(scan, places, filters)
        if len(scores) < limit and len(scan) > WIDER * limit:
            scores = self._of(scan, "1", [], filters)
        return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))[:limit]

    def cosines(self, text: str, ids: Iterable[str]) -> Scores:
        """{id: cosine} of those of the memories that the view shows."""
        wanted = list(ids)
        return self._of(self._scan(text), f"id IN ({marks(wanted)})", wanted, Filters(all=True)) if wanted else {}

    def _selected(self, text: str, most: int) -> list[int]:
        """The places of what the collection finds nearest, and of all that it does not hold: what is laid over it."""
        scan = self._scan(text)
        if self.select is None or not len(scan):
            return []
        try:
            keys = list(self.select(self.embedder.embed([text])[0], most))
        except MemError as error:
            self.failure, self.select = error.message, None
            return _top(scan, most)
        return list(self.vectors.places([*keys, *self._laid_over()]).values())

    def _laid_over(self) -> list[bytes]:
        statement = "SELECT text_key FROM parts JOIN memories USING (row) WHERE ref NOT GLOB 'refs/[hr]e*'"
        return [key for (key,) in self._connection.execute(statement)]

    def _scan(self, text: str) -> list[float]:
        """The cosine of every vector, in their order; of none where the embedder fails."""
        if text not in self._scans:
            try:
                self._scans[text] = self.vectors.cosines(self.embedder.embed([text])[0])
            except Unavailable as error:
                self.failure = error.message
                self._scans[text] = []
        return self._scans[text]

    def _best(self, scan: list[float], places: Sequence[int], filters: Filters) -> Scores:
        """The shown memories whose parts lie at these places of the scan."""
        near = {self.vectors.key(place): round(scan[place], EXACT) for place in places}
        scores: Scores = {}
        for key, memory_id in self._parts(f"text_key IN ({marks(list(near))})", list(near), filters):
            scores[memory_id] = max(near[key], scores.get(memory_id, -1.0))
        return scores

    def _of(self, scan: list[float], named: str, bound: Sequence[object], filters: Filters) -> Scores:
        """All shown memories that pass and are `named`."""
        rows = self._parts(named, bound, filters)
        places = self.vectors.places([key for key, _ in rows]) if len(scan) else {}
        scores: Scores = {}
        for key, memory_id in rows:
            if key in places:
                scores[memory_id] = max(round(scan[places[key]], EXACT), scores.get(memory_id, -1.0))
        return scores

    def _parts(self, named: str, bound: Sequence[object], filters: Filters) -> list[tuple[bytes, str]]:
        """(key, id) of the parts of the memories that are `named`, shown, and pass."""
        passes, values = self._condition(filters)
        statement = f"SELECT text_key, id FROM parts JOIN memories USING (row) WHERE {named} AND {passes}"
        return self._connection.execute(statement, [*bound, *values]).fetchall()


def _top(scan: list[float], most: int) -> list[int]:
    """The places of the highest cosines, in any order, and of all that equal the last of them."""
    if len(scan) <= most:
        return list(range(len(scan)))
    least = round(nlargest(most, scan)[-1], EXACT) - 0.5 * 10**-EXACT
    return [place for place, cosine in enumerate(scan) if cosine >= least]


class Filling:
    """The parts of an index that have no vector yet: those numbered above what `embedded` says of this embedder."""

    def __init__(self, connection: sqlite3.Connection, embedder: Embedder, vectors: Vectors) -> None:
        self._connection, self._embedder, self._vectors = connection, embedder, vectors

    @cached_property
    def last(self) -> int:
        """The highest number of a part."""
        return int(self._connection.execute("SELECT coalesce(max(number), 0) FROM parts").fetchone()[0])

    @cached_property
    def done(self) -> int:
        """The number up to which every part has its vector; 0 where vectors were lost since."""
        statement = "SELECT number, vectors FROM embedded WHERE embedder = ?"
        row = self._connection.execute(statement, (self._embedder.name,)).fetchone()
        return int(row[0]) if row and row[1] <= self._vectors.persistent else 0

    def fill(self, most: int | None = None) -> int:
        """Embed what is missing; how many parts. Raises Unavailable, also where they are more than `most`."""
        statement = "SELECT row, text_key FROM parts WHERE number > ? ORDER BY number"
        numbered = self._connection.execute(statement, (self.done,)).fetchall()
        known = self._vectors.places([key for _, key in numbered]) if len(self._vectors) else {}
        rows = dict.fromkeys(row for row, key in numbered if key not in known)
        missing = len({key for _, key in numbered if key not in known})
        if most is not None and missing > most:
            problem = f"{missing} texts have no vectors of {self._embedder.name} yet"
            raise Unavailable(f"{problem}: 'mem index sync' makes them", "run 'mem index sync'")
        waiting: dict[bytes, str] = {}
        keys = _by_row(numbered)
        for row in rows:
            waiting.update(
                (key, text) for key, text in zip(keys[row], self._texts(row), strict=False) if key not in known
            )
            if len(waiting) >= BATCH:
                self._embed(waiting)
                waiting = {}
        self._embed(waiting)
        return missing

    def note(self, connection: sqlite3.Connection) -> None:
        """Remember that all parts are embedded, inside the caller's transaction; only what is on disk counts."""
        values = (self._embedder.name, self.last, self._vectors.persistent)
        connection.execute("INSERT OR REPLACE INTO embedded VALUES (?, ?, ?)", values)

    def _texts(self, row: int) -> tuple[str, ...]:
        title, text = self._connection.execute(
            "SELECT title, text FROM memories JOIN texts USING (row) WHERE row = ?", (row,)
        ).fetchone()
        return parts(title, document.parse_document(text).body)

    def _embed(self, waiting: dict[bytes, str]) -> None:
        if waiting:
            self._vectors.add(list(waiting), self._embedder.embed(list(waiting.values())))


def _by_row(numbered: Iterable[tuple[int, bytes]]) -> dict[int, list[bytes]]:
    keys: dict[int, list[bytes]] = {}
    for row, key in numbered:
        keys.setdefault(row, []).append(key)
    return keys
