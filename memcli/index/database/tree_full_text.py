"""The full text of a tree that the index does not hold: at the tip it gives the order and the scores of `FullText`.

Memories that are as the index has them keep their terms in its full-text table, which finds them; those laid over have
theirs in `terms`. How many memories there are, how long, and how many hold a term is counted in this tree alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from memcli.index.database.tree_bm25 import Terms, WeightedDocument, bm25_scores, counter
from memcli.index.storage.full_text import COLUMNS, Expression, FullText, any_of, match
from memcli.index.storage.validity import Condition

if TYPE_CHECKING:
    import sqlite3


class _Holder(NamedTuple):
    """A memory that holds an expression, and whether it passes the filter."""

    row: int
    id: str
    passes: bool
    document: WeightedDocument


class TreeFullText:
    """The words of the memories of `ref`; `number`: the full-text table of what the index has of it (None: nothing)."""

    def __init__(self, connection: sqlite3.Connection, ref: str, number: int | None) -> None:
        self._connection = connection
        self._ref = ref
        self._number = number
        self._counts: dict[str, int] = {}

    def size(self) -> int:
        """How many memories the tree holds: the N of BM25."""
        return len(self._lengths)

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many memories each term stands, 0 where in none; in the order of the terms, each once."""
        return {term: self._count(term) for term in dict.fromkeys(terms)}

    def counts(self, terms: Iterable[str], most: int) -> dict[str, int]:
        """In how many memories each term stands, at most `most`."""
        return {term: min(count, most) for term, count in self.frequencies(terms).items()}

    def ranked(self, expression: Expression, passes: Condition, limit: int) -> list[tuple[str, float]]:
        """(id, BM25) of the best memories for an expression of `any_of` or `phrase`, best first, ties by id."""
        holders = [*self._laid_holders(expression, passes), *self._indexed_holders(expression, passes)]
        places = [place for place, holder in enumerate(holders) if holder.passes]
        if not places:
            return []
        rows = {holder.row for holder in holders}
        others = (WeightedDocument(length) for row, length in self._lengths.items() if row not in rows)
        scores = bm25_scores([*(holder.document for holder in holders), *others], expression.phrases, places)
        ranking = zip((holders[place].id for place in places), scores, strict=True)
        return sorted(ranking, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def columns_of(self, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """(id, terms of the title, of the body, of code words) of memories, a blank around every term; by id."""
        wanted = set(ids)
        laid = {
            terms.id: (terms.id, *(f" {' '.join(column)} " for column in terms.columns))
            for terms in self._laid.values()
            if terms.id in wanted
        }
        indexed = FullText(self._connection, self._number).columns_of([one for one in ids if one not in laid])
        return sorted([*laid.values(), *indexed])

    def terms_of(self, ref: str, path: str) -> set[str]:
        """All terms of one memory."""
        row = self._connection.execute("SELECT row FROM memories WHERE ref = ? AND path = ?", (ref, path)).fetchone()
        if row and (laid := self._laid.get(row[0])):
            return {term for column in laid.columns for term in column}
        return FullText(self._connection, self._number).terms_of(ref, path)

    @cached_property
    def _laid(self) -> dict[int, Terms]:
        """What is laid over the index, by row."""
        statement = "SELECT row, id, terms.title, body, idents FROM terms JOIN memories USING (row) WHERE ref = ?"
        return {row: Terms.of(*columns) for row, *columns in self._connection.execute(statement, (self._ref,))}

    @cached_property
    def _laid_counts(self) -> Mapping[str, int]:
        """In how many memories laid over the index each term stands."""
        return Counter(term for one in self._laid.values() for term in {term for part in one.columns for term in part})

    @cached_property
    def _lengths(self) -> dict[int, int]:
        """How many terms each memory of the tree has, by row."""
        lengths = {row: terms.length for row, terms in self._laid.items()}
        if self._number is not None:
            sizes = f"search_{self._number}_docsize"
            statement = f"SELECT row, sz FROM {sizes} CROSS JOIN memories ON memories.row = {sizes}.id WHERE +ref = ?"
            lengths.update((row, _tokens(size)) for row, size in self._connection.execute(statement, (self._ref,)))
        return lengths

    def _laid_holders(self, expression: Expression, passes: Condition) -> Iterator[_Holder]:
        condition, values = passes
        statement = f"SELECT row FROM terms JOIN memories USING (row) WHERE ref = ? AND {condition}"
        passing = {row for (row,) in self._connection.execute(statement, [self._ref, *values])}
        counted = counter(expression)
        for row, terms in self._laid.items():
            if phrases := counted(terms):
                yield _Holder(row, terms.id, row in passing, WeightedDocument(terms.length, phrases))

    def _indexed_holders(self, expression: Expression, passes: Condition) -> Iterator[_Holder]:
        if self._number is None or not expression.phrases:
            return
        condition, values = passes
        columns = ", ".join(f"search_{self._number}.{name}" for name in COLUMNS)
        statement, bound = self._matched(f"row, {condition}, id, {columns}", expression)
        counted = counter(expression)
        for row, is_passing, *columns in self._connection.execute(statement, [*values, *bound]):
            terms = Terms.of(*columns)
            if phrases := counted(terms):
                yield _Holder(row, terms.id, bool(is_passing), WeightedDocument(terms.length, phrases))

    def _count(self, term: str) -> int:
        """How many memories hold a term."""
        if term not in self._counts:
            self._counts[term] = self._laid_counts.get(term, 0) + self._count_indexed(any_of([term]))
        return self._counts[term]

    def _count_indexed(self, expression: Expression) -> int:
        if self._number is None:
            return 0
        return int(self._connection.execute(*self._matched("count(*)", expression)).fetchone()[0])

    def _matched(self, columns: str, expression: Expression) -> tuple[str, list[object]]:
        """A query over the memories of this tree that are as the index has them; the words are looked up first."""
        table = f"search_{self._number}"
        statement = f"SELECT {columns} FROM {table} CROSS JOIN memories ON memories.row = {table}.rowid"
        return f"{statement} WHERE {table} MATCH ? AND +ref = ?", [match(expression), self._ref]


def _tokens(sizes: bytes) -> int:
    """How many terms a row of the full-text table has, from FTS5's own record: a varint for each column."""
    total = value = 0
    for byte in sizes:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            total, value = total + value, 0
    return total
