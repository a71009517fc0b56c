"""What was read of sessions, remembered by what it was read from (`stamp`): the same stamp gives the same answer.

It is no part of the index's rows, nor of their digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class SessionFact(NamedTuple):
    """One thing known of a session: `what` it is, what it was read from, and the answer as JSON."""

    session: str
    what: str
    stamp: str
    data: str


def cached_facts(connection: sqlite3.Connection) -> list[SessionFact]:
    """All that is remembered."""
    return [SessionFact(*row) for row in connection.execute("SELECT session, what, stamp, data FROM session_facts")]


def cache_facts(connection: sqlite3.Connection, facts: Iterable[SessionFact], sessions: Collection[str]) -> None:
    """Remember facts, inside the caller's transaction; those of sessions that are not there any more go."""
    connection.executemany("INSERT OR REPLACE INTO session_facts VALUES (?, ?, ?, ?)", facts)
    known = {session for (session,) in connection.execute("SELECT DISTINCT session FROM session_facts")}
    connection.executemany(
        "DELETE FROM session_facts WHERE session = ?", [(name,) for name in known.difference(sessions)]
    )
