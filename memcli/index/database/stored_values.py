"""The home of `StoredValues`: ids, topics and other values of the indexed memories, for shell completion.

Contract: the database is read as it is; nothing is built, updated or created (but for SQLite's locks in `-shm`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from memcli.core.memory.identity import CROCKFORD
from memcli.core.memory.summary import Filters
from memcli.index.database.visible_rows import VisibleRows
from memcli.index.storage.connection import failures
from memcli.index.storage.generations import open_unchanged

COLUMNS = ("type", "topic", "key", "agent")
"""The columns whose values `words` gives."""


class StoredValues:
    """The values of the active memories of some refs."""

    def __init__(self, rows: VisibleRows) -> None:
        self._rows = rows

    def hide(self, excludes: Callable[[str], bool]) -> None:
        """From now on leave out what is only anchored at excluded paths."""
        self._rows.hide(excludes)

    def memories(self, text: str, limit: int, asking: bool = False) -> list[tuple[str, str]]:
        """(id, title) of those whose id, or its last six characters, begins with `text`, last modified first; with
        `asking`, only of those with open questions."""
        if not set(CROCKFORD).issuperset(text.upper()):
            return []
        passes, values = self._rows.passing(Filters())
        named = "(id LIKE ? OR substr(id, -6) LIKE ?)" + " AND questions IS NOT NULL" * asking
        statement = f"SELECT id, title FROM memories WHERE {named} AND {passes} ORDER BY modified DESC, id LIMIT ?"
        return self._rows.connection.execute(statement, [f"{text}%", f"{text}%", *values, limit]).fetchall()

    def words(self, column: str) -> list[str]:
        """The values of one of `COLUMNS`, the most frequent first."""
        assert column in COLUMNS
        passes, values = self._rows.passing(Filters())
        statement = f"SELECT {column} FROM memories WHERE {column} IS NOT NULL AND {passes}"
        rows = self._rows.connection.execute(f"{statement} GROUP BY 1 ORDER BY count(*) DESC, 1", values)
        return [str(value) for (value,) in rows]

    def tags(self) -> list[str]:
        """The tags, the most frequent first."""
        passes, values = self._rows.passing(Filters())
        statement = f"SELECT tag FROM tags JOIN memories USING (row) WHERE {passes}"
        rows = self._rows.connection.execute(f"{statement} GROUP BY tag ORDER BY count(*) DESC, tag", values)
        return [str(tag) for (tag,) in rows]


@contextmanager
def stored_values(directory: Path, refs: tuple[str, ...]) -> Iterator[StoredValues | None]:
    """The values of some refs in the index below `directory`; None without an index. Raises MemError."""
    with failures():
        connection = open_unchanged(directory)
        if connection is None:
            yield None
            return
        with closing(connection):
            yield StoredValues(VisibleRows(connection, refs))
