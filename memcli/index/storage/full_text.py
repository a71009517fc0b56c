"""One store's full-text table: words to memories, ranked by BM25.

FTS5 computes it (k1 = 1.2, b = 0.75, idf = ln((N - n + 0.5) / (n + 0.5)), at least 1e-6; a hit in a column counts as
often as `COLUMN_WEIGHTS` says). Terms come from `core.text.analysis`; no text of a user is ever query syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from memcli.index.storage.filters import marks
from memcli.index.storage.validity import Condition

if TYPE_CHECKING:
    import sqlite3

COLUMNS, COLUMN_WEIGHTS = ("title", "body", "idents"), (3.0, 1.0, 0.75)
"""Title, body, code words."""


@dataclass(frozen=True)
class Expression:
    """What is looked for, made by `any_of` or `phrase`: memories with one of the phrases, in any column or in one."""

    phrases: tuple[tuple[str, ...], ...]
    column: str | None = None


class Lexical(Protocol):
    """Words to the memories of one tree, whoever scores them; see `FullText` for what each answers."""

    def size(self) -> int: ...

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]: ...

    def counts(self, terms: Iterable[str], most: int) -> dict[str, int]: ...

    def ranked(self, expression: Expression, passes: Condition, limit: int) -> list[tuple[str, float]]: ...

    def columns_of(self, ids: Sequence[str]) -> list[tuple[str, ...]]: ...

    def terms_of(self, ref: str, path: str) -> set[str]: ...


class FullText:
    """The table of the manifest with this number; None is an empty table."""

    def __init__(self, connection: sqlite3.Connection, number: int | None) -> None:
        self._connection = connection
        self._number = number
        self._counted: dict[tuple[str, int], int] = {}

    def size(self) -> int:
        """How many memories it holds: the N of BM25."""
        if self._number is None:
            return 0
        return int(self._connection.execute(f"SELECT count(*) FROM search_{self._number}_docsize").fetchone()[0])

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many memories each term stands, 0 where in none; in the order of the terms, each once."""
        counts = dict.fromkeys(terms, 0)
        if self._number is not None:
            statement = f"SELECT term, doc FROM vocabulary_{self._number} WHERE term = ?"
            for term in counts:
                counts.update(self._connection.execute(statement, (term,)).fetchall())
        return counts

    def counts(self, terms: Iterable[str], most: int) -> dict[str, int]:
        """In how many memories each term stands, counted up to `most`: the vocabulary reads every occurrence. What was
        counted once is known: a dream asks thousands of times, and the reading stays as it is."""
        return {term: self._count(term, most) for term in dict.fromkeys(terms)}

    def _count(self, term: str, most: int) -> int:
        if self._number is None:
            return 0
        if (term, most) not in self._counted:
            table = f"search_{self._number}"
            statement = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT ?)"
            (self._counted[term, most],) = self._connection.execute(statement, (match(any_of([term])), most)).fetchone()
        return self._counted[term, most]

    def ranked(self, expression: Expression, passes: Condition, limit: int) -> list[tuple[str, float]]:
        """(id, BM25) of the best memories for an expression of `any_of` or `phrase`, best first, ties by id."""
        if self._number is None or not expression.phrases:
            return []
        table, (condition, values) = f"search_{self._number}", passes
        score = f"bm25({table}, {', '.join(map(str, COLUMN_WEIGHTS))})"
        statement = (
            f"SELECT id, {score} AS score FROM {table} JOIN memories ON row = {table}.rowid"
            f" WHERE {table} MATCH ? AND {condition} ORDER BY score, id LIMIT ?"
        )
        bound = [match(expression), *values, limit]
        return [(memory_id, -score) for memory_id, score in self._connection.execute(statement, bound)]

    def columns_of(self, ids: Sequence[str]) -> list[tuple[str, ...]]:
        """(id, terms of the title, of the body, of code words) of memories, a blank around every term; by id."""
        if self._number is None or not ids:
            return []
        columns = ", ".join(f"' ' || search.{column} || ' '" for column in COLUMNS)
        tables = f"memories JOIN search_{self._number} AS search ON search.rowid = row"
        statement = f"SELECT id, {columns} FROM {tables} WHERE id IN ({marks(ids)}) ORDER BY id"
        return self._connection.execute(statement, list(ids)).fetchall()

    def terms_of(self, ref: str, path: str) -> set[str]:
        """All terms of one memory."""
        if self._number is None:
            return set()
        statement = f"SELECT search.title || ' ' || body || ' ' || idents FROM search_{self._number} AS search"
        where = "WHERE search.rowid = (SELECT row FROM memories WHERE ref = ? AND path = ?)"
        row = self._connection.execute(f"{statement} {where}", (ref, path)).fetchone()
        return set(row[0].split()) if row else set()


def any_of(terms: Iterable[str]) -> Expression:
    """The expression for memories with any of the terms (with all of them recall at five was 0.07 against 0.98)."""
    return Expression(tuple((term,) for term in terms))


def phrase(terms: Sequence[str], column: str) -> Expression:
    """The expression for memories with the terms in a row in one column (`title`, `body`, `idents`)."""
    return Expression((tuple(terms),) if terms else (), column)


def match(expression: Expression) -> str:
    """The expression as FTS5 reads it."""
    quoted = ['"' + " ".join(words).replace('"', '""') + '"' for words in expression.phrases]
    return (f"{expression.column} : " if expression.column else "") + " OR ".join(quoted)
