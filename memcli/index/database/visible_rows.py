"""The home of `VisibleRows`: the rows of `memories` that one reader sees, as SQL that other queries build on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from memcli.core.memory.questions import parse_question
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.index.storage.filters import condition, marks
from memcli.index.storage.tables import COLUMNS
from memcli.index.storage.validity import Condition

if TYPE_CHECKING:
    import sqlite3

SELECT = f"SELECT {', '.join(f'memories.{column}' for column in COLUMNS)} FROM memories"
"""The columns that `summary_of` reads."""
_HIDDEN = """
SELECT row FROM links WHERE relation = 'source' AND target IN (SELECT value FROM json_each(?))
UNION
SELECT row FROM anchors WHERE path IN (SELECT value FROM json_each(?))
AND row NOT IN (SELECT row FROM anchors WHERE path NOT IN (SELECT value FROM json_each(?)))
"""


class VisibleRows:
    """The rows of some refs, without those that are hidden.

    `+` before a condition on refs keeps SQLite from reading a whole ref where something else names a few rows.
    """

    def __init__(self, connection: sqlite3.Connection, refs: tuple[str, ...]) -> None:
        self.connection, self.refs = connection, refs
        self.within = f"memories.ref IN ({marks(refs)})" if len(refs) > 1 else "memories.ref = ?"
        self._hidden: str | None = None

    def hide(self, excludes: Callable[[str], bool]) -> None:
        """From now on no filter lets pass what is only anchored at excluded paths, or was taken from one."""
        statement = "SELECT DISTINCT path FROM anchors UNION SELECT target FROM links WHERE relation = 'source'"
        paths = json.dumps([path for (path,) in self.connection.execute(statement) if excludes(path)])
        rows = self.connection.execute(_HIDDEN, [paths, paths, paths]).fetchall() if paths != "[]" else []
        self._hidden = json.dumps([row for (row,) in rows]) if rows else None

    @property
    def hides(self) -> bool:
        """Whether any row is hidden."""
        return self._hidden is not None

    def hidden_files(self) -> set[str]:
        """The files of the memories that are hidden."""
        statement = f"SELECT path FROM memories WHERE row IN (SELECT value FROM json_each(?)) AND +{self.within}"
        return {path for (path,) in self.connection.execute(statement, [self._hidden or "[]", *self.refs])}

    def condition(self, filters: Filters) -> Condition:
        """Filters as SQL over `memories`, whatever ref they are of."""
        passes, values = condition(self.connection, filters, self.refs)
        if self._hidden is None:
            return passes, values
        return f"{passes} AND row NOT IN (SELECT value FROM json_each(?))", [*values, self._hidden]

    def passing(self, filters: Filters) -> Condition:
        """The condition for all visible rows that pass."""
        passes, values = self.condition(filters)
        return f"{self.within} AND {passes}", [*self.refs, *values]

    def among_few(self, filters: Filters) -> Condition:
        """`passing` where something else names a few rows."""
        passes, values = self.condition(filters)
        return f"{passes} AND +{self.within}", [*values, *self.refs]

    def where(self, named: str, values: Sequence[object]) -> list[MemorySummary]:
        """The memories of the few rows that a condition names, by id."""
        statement = f"{SELECT} WHERE {named} AND +{self.within} ORDER BY id, path"
        return [summary_of(row) for row in self.connection.execute(statement, [*values, *self.refs])]


def summary_of(row: tuple[Any, ...]) -> MemorySummary:
    """A row as typed values."""
    questions, tags, pin, read_only, conflict = row[-5:]
    lines = tuple(map(parse_question, questions.split("\n"))) if questions else ()
    return MemorySummary._make((*row[:-5], lines, tuple(tags.split()), bool(pin), bool(read_only), bool(conflict)))
