"""The home of rank_bm25: BM25 over the memories of a tree that the index does not hold.

At the tip it gives the order and the scores of `fulltext`: same analyser, same column weights, same length, same idf.
Memories that are as the index has them keep their terms in its full-text table, which finds them; those laid over have
theirs in `terms`. How many memories there are, how long, and how many hold a term is counted in this tree alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from memcli.index.storage.full_text import COLUMN_WEIGHTS, COLUMNS, Expression, FullText, any_of, match
from memcli.index.storage.validity import Condition

if TYPE_CHECKING:
    import sqlite3

K1, B, LEAST_IDF = 1.2, 0.75, 1e-6
"""As in FTS5."""
Words = tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """One memory's terms by column, in order."""

    id: str
    columns: tuple[list[str], ...]

    @classmethod
    def of(cls, memory_id: str, *columns: str) -> Terms:
        """From columns as the tables have them: terms joined by blanks."""
        return cls(memory_id, tuple(column.split() for column in columns))

    @property
    def length(self) -> int:
        return sum(map(len, self.columns))


def counter(expression: Expression) -> Callable[[Terms], dict[Words, float]]:
    """What tells how often each phrase stands in a memory, as the columns weigh it."""
    single = frozenset(words[0] for words in expression.phrases if len(words) == 1)
    longer = frozenset(words for words in expression.phrases if len(words) > 1)
    weights = [
        weight if expression.column in (None, name) else 0.0
        for name, weight in zip(COLUMNS, COLUMN_WEIGHTS, strict=True)
    ]

    def counted(memory: Terms) -> dict[Words, float]:
        found: dict[Words, float] = {}
        for weight, terms in zip(weights, memory.columns, strict=True):
            if weight:
                times: dict[Words, int] = {(term,): terms.count(term) for term in single.intersection(terms)}
                times |= {words: count for words in longer if (count := _times(words, terms))}
                for words, count in times.items():
                    found[words] = found.get(words, 0.0) + weight * count
        return found

    return counted


def _times(words: Words, terms: Sequence[str]) -> int:
    """How often a phrase stands in a list of terms."""
    windows = zip(*(terms[start:] for start in range(len(words))), strict=False)
    return sum(window == words for window in windows)


class History:
    """The words of the memories of `ref`; `number`: the full-text table of what the index has of it (None: nothing)."""

    def __init__(self, connection: sqlite3.Connection, ref: str, number: int | None) -> None:
        self._connection = connection
        self._ref = ref
        self._number = number
        self._counts: dict[Expression, int] = {}

    def size(self) -> int:
        """How many memories the tree holds: the N of BM25."""
        statement = "SELECT count(*) FROM memories WHERE ref = ?"
        return int(self._connection.execute(statement, (self._ref,)).fetchone()[0])

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many memories each term stands, 0 where in none; in the order of the terms, each once."""
        return {term: self._count(any_of([term])) for term in dict.fromkeys(terms)}

    def counts(self, terms: Iterable[str], most: int) -> dict[str, int]:
        """In how many memories each term stands, at most `most`."""
        return {term: min(count, most) for term, count in self.frequencies(terms).items()}

    def ranked(self, expression: Expression, passes: Condition, limit: int) -> list[tuple[str, float]]:
        """(id, BM25) of the best memories for an expression of `any_of` or `phrase`, best first, ties by id."""
        counted = counter(expression)
        counts = ((one, counted(one)) for one in self._matching(expression, passes))
        found = [(one, frequencies) for one, frequencies in counts if frequencies]
        if not found:
            return []
        size, idfs = self.size(), dict[Words, float]()
        for words in expression.phrases:
            idfs[words] = inverse_frequency(self._count(Expression((words,), expression.column)), size)
        lengths = [one.length for one, _ in found]
        scores = bm25(expression.phrases, idfs, [one for _, one in found], lengths, self._average)
        ranking = zip((one.id for one, _ in found), scores, strict=True)
        return sorted(ranking, key=lambda one: (-one[1], one[0]))[:limit]

    def said(self, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """(id, terms of the title, of the body, of code words) of memories, a blank around every term; by id."""
        wanted = set(ids)
        laid = {
            one.id: (one.id, *(f" {' '.join(column)} " for column in one.columns))
            for one in self._laid.values()
            if one.id in wanted
        }
        known = FullText(self._connection, self._number).said([one for one in ids if one not in laid])
        return sorted([*laid.values(), *known])

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
    def _average(self) -> float:
        """How many terms a memory has."""
        lengths = [one.length for one in self._laid.values()]
        if self._number is not None:
            sizes = f"search_{self._number}_docsize"
            statement = f"SELECT sz FROM {sizes} CROSS JOIN memories ON memories.row = {sizes}.id WHERE +ref = ?"
            lengths += [_tokens(size) for (size,) in self._connection.execute(statement, (self._ref,))]
        return sum(lengths) / len(lengths)

    def _matching(self, expression: Expression, passes: Condition) -> Iterator[Terms]:
        """The memories that pass: of those in the index the ones that hold the expression, and all laid over it."""
        condition, values = passes
        statement = f"SELECT row FROM terms JOIN memories USING (row) WHERE ref = ? AND {condition}"
        rows = self._connection.execute(statement, [self._ref, *values]).fetchall()
        yield from (self._laid[row] for (row,) in rows)
        if self._number is not None and expression.phrases:
            columns = ", ".join(f"search_{self._number}.{name}" for name in COLUMNS)
            statement, bound = self._matched(f"id, {columns}", expression)
            matched = self._connection.execute(f"{statement} AND {condition}", [*bound, *values])
            yield from (Terms.of(*found) for found in matched)

    def _count(self, expression: Expression) -> int:
        """How many memories hold the one phrase of an expression."""
        if expression not in self._counts:
            self._counts[expression] = self._count_laid(expression) + self._count_indexed(expression)
        return self._counts[expression]

    def _count_laid(self, expression: Expression) -> int:
        if expression.column is None and len(expression.phrases[0]) == 1:
            return self._laid_counts.get(expression.phrases[0][0], 0)
        counted = counter(expression)
        return sum(bool(counted(one)) for one in self._laid.values())

    def _count_indexed(self, expression: Expression) -> int:
        if self._number is None:
            return 0
        return int(self._connection.execute(*self._matched("count(*)", expression)).fetchone()[0])

    def _matched(self, columns: str, expression: Expression) -> tuple[str, list[object]]:
        """A query over the memories of this tree that are as the index has them; the words are looked up first."""
        table = f"search_{self._number}"
        statement = f"SELECT {columns} FROM {table} CROSS JOIN memories ON memories.row = {table}.rowid"
        return f"{statement} WHERE {table} MATCH ? AND +ref = ?", [match(expression), self._ref]


def inverse_frequency(count: int, size: int) -> float:
    """The idf of what `count` of `size` memories hold, as FTS5 has it."""
    return max(math.log((size - count + 0.5) / (count + 0.5)), LEAST_IDF)


def bm25(
    phrases: Sequence[Words],
    idfs: Mapping[Words, float],
    counted: Sequence[Mapping[Words, float]],
    lengths: Sequence[int],
    average: float,
) -> list[float]:
    """The score of each memory for all phrases together; what rank_bm25 would count itself is given."""
    from rank_bm25 import BM25Okapi

    scorer = BM25Okapi([[""]], k1=K1, b=B)  # it refuses an empty corpus, and knows neither columns nor our idf
    scorer.corpus_size, scorer.avgdl = len(counted), average
    scorer.doc_freqs, scorer.doc_len, scorer.idf = counted, lengths, idfs
    scores: list[float] = scorer.get_scores(phrases).tolist()
    return scores


def _tokens(sizes: bytes) -> int:
    """How many terms a row of the full-text table has, from FTS5's own record: a varint for each column."""
    total = value = 0
    for byte in sizes:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            total, value = total + value, 0
    return total
