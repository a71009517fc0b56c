"""The neighbours of a hit: what is next to it in time, or linked with it, is more likely to be relevant too.

Episodic memories explain one another: in a log of conversations the answer is in the turn after the one that holds the
question's words. A memory of several parts stands on its own and is not lifted. In a store of knowledge links do the
same, more weakly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from memcli.core.memory.instants import parse_instant
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.index.storage.filters import marks
from memcli.index.storage.validity import Condition

if TYPE_CHECKING:
    import sqlite3

LIFTING = 20
"""How many of the best lift their neighbours, by their lead over the last of them."""
BESIDE = (0.7, 0.5)
"""The share of its lead that a hit gives to the memory next to it in time, and to the second next."""
LINKED = 0.2
"""The share it gives to what it links to and what links to it."""
APART = timedelta(days=1)
"""Events farther apart than this are not neighbours."""
EPISODIC = "episodic"
_TIME = "coalesce(valid_from, created)"


class Neighbours:
    """The neighbours of memories in one view; `condition` gives which memories pass a filter and are shown."""

    def __init__(self, connection: sqlite3.Connection, condition: Callable[[Filters], Condition]) -> None:
        self._connection, self._condition = connection, condition

    def beside(self, record: MemorySummary, filters: Filters) -> Iterator[tuple[str, int]]:
        """(id, distance) of the short episodic memories around one of the same topic, in the order of their times."""
        if record.kind != EPISODIC:
            return
        time = record.valid_from or record.created
        for sign, order in ((">", ""), ("<", "DESC")):
            for distance, (memory_id, at, parts) in enumerate(self._next(record, time, sign, order, filters)):
                if parts == 1 and abs(parse_instant(at) - parse_instant(time)) <= APART:
                    yield memory_id, distance

    def _next(
        self, record: MemorySummary, time: str, sign: str, order: str, filters: Filters
    ) -> Iterable[tuple[str, str, int]]:
        """(id, time, number of parts) of the next memories after (`>`) or before (`<`) a record."""
        passes, values = self._condition(filters)
        statement = (
            f"SELECT id, {_TIME}, (SELECT count(*) FROM parts WHERE parts.row = memories.row) FROM memories"
            f" WHERE kind = '{EPISODIC}' AND topic = ? AND {_TIME} {sign}= ? AND ({_TIME} {sign} ? OR id {sign} ?)"
            f" AND {passes} ORDER BY {_TIME} {order}, id {order} LIMIT {len(BESIDE)}"
        )
        return self._connection.execute(statement, [record.topic, time, time, record.id, *values])

    def linked(self, ids: Sequence[str], filters: Filters) -> dict[str, set[str]]:
        """{id: the memories that it names or that name it}, by any relation."""
        linked: dict[str, set[str]] = {memory_id: set() for memory_id in ids}
        shortened = {short: memory_id for memory_id in ids for short in _forms(memory_id)}
        for target, memory_id in self._linking(f"target IN ({marks(list(shortened))})", list(shortened), filters):
            linked[shortened[target]].add(memory_id)
        for target, memory_id in self._linking(f"id IN ({marks(ids)})", list(ids), filters):
            linked[memory_id].update(self._named(target, filters))
        return linked

    def _linking(self, named: str, bound: Sequence[object], filters: Filters) -> list[tuple[str, str]]:
        passes, values = self._condition(filters)
        statement = (
            f"SELECT target, id FROM links JOIN memories USING (row) WHERE {named} AND {passes} ORDER BY id, target"
        )
        return self._connection.execute(statement, [*bound, *values]).fetchall()

    def _named(self, target: str, filters: Filters) -> list[str]:
        """The memory that a link names; nothing where its short form fits several."""
        passes, values = self._condition(filters)
        bounds = [target, target + "[", target[::-1], target[::-1] + "["]
        statement = (
            "SELECT DISTINCT id FROM memories WHERE (id >= ? AND id < ? OR reversed_id >= ? AND reversed_id < ?)"
        )
        rows = self._connection.execute(f"{statement} AND {passes} LIMIT 2", [*bounds, *values]).fetchall()
        return [memory_id for (memory_id,) in rows] if len(rows) == 1 else []


def lifts(
    neighbours: Neighbours, ranking: Sequence[tuple[str, float]], records: Mapping[str, MemorySummary], filters: Filters
) -> dict[str, float]:
    """{id: what its neighbours among the best lift it by}, in the unit of the ranking's scores.

    From each distance the strongest side counts; links count by the strongest of them.
    """
    best = ranking[:LIFTING]
    floor = best[-1][1] if len(ranking) >= LIFTING else 0.0
    beside: list[dict[str, float]] = [{} for _ in (*BESIDE, LINKED)]
    linked = neighbours.linked([memory_id for memory_id, _ in best], filters)
    for memory_id, score in best:
        for neighbour, distance in neighbours.beside(records[memory_id], filters):
            _raise(beside[distance], neighbour, BESIDE[distance] * (score - floor))
        for neighbour in linked[memory_id] - {memory_id}:
            _raise(beside[-1], neighbour, LINKED * (score - floor))
    lifted = sorted({memory_id for side in beside for memory_id in side})
    sums = {memory_id: sum(side.get(memory_id, 0.0) for side in beside) for memory_id in lifted}
    return {memory_id: lift for memory_id, lift in sums.items() if lift > 0}


def _raise(lifted: dict[str, float], memory_id: str, lift: float) -> None:
    lifted[memory_id] = max(lift, lifted.get(memory_id, 0.0))


def _forms(memory_id: str) -> list[str]:
    """What a link may call a memory: its id, or six and more of its first or last characters."""
    lengths = range(6, len(memory_id) + 1)
    return [memory_id[:length] for length in lengths] + [memory_id[-length:] for length in lengths]
