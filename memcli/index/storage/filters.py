"""Filters as SQL over `memories`: values are always bound, never part of the statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from memcli.core.memory.anchors import matches, tidied
from memcli.core.memory.summary import Filters, WrittenBy
from memcli.index.storage.validity import Condition, held_at

if TYPE_CHECKING:
    import sqlite3


def condition(connection: sqlite3.Connection, filters: Filters, refs: Sequence[str]) -> Condition:
    """A condition on the columns of `memories` and its values; `refs` are those the reader sees."""
    parts: list[Condition] = [
        among("kind", filters.kinds),
        among("type", filters.types),
        among("topic", filters.topics),
        among("key", filters.keys),
        _tagged(filters.tags),
        _anchored(connection, filters.paths),
        among("evidence", filters.evidence),
        _status(filters, refs),
        ("modified >= ?", [filters.since]) if filters.since else ("1", []),
        _of_session(filters.session, refs),
        _written_by(filters.written_by),
        among_any("id", filters.ids) if filters.ids is not None else ("1", []),
    ]
    parts = [part for part in parts if part[0] != "1"] or [("1", [])]
    return " AND ".join(text for text, _ in parts), [value for _, values in parts for value in values]


def _status(filters: Filters, refs: Sequence[str]) -> Condition:
    chosen, values = among("status", filters.statuses)
    if filters.valid_at is not None:
        held, more = held_at(refs, filters.valid_at)
        return (f"{held} AND {chosen}", [*more, *values]) if values else (held, more)
    return (chosen, values) if filters.all or values else among("status", ["active"])


def _of_session(session: str | None, refs: Sequence[str]) -> Condition:
    """The memories that name a session as their source, and the candidates laid over the store."""
    if session is None:
        return "1", []
    proposed, values = among("memories.ref", refs[1:])
    return (f"(session = ? OR {proposed})", [session, *values]) if values else ("session = ?", [session])


def _written_by(authors: WrittenBy | None) -> Condition:
    if authors is None:
        return "1", []
    by_agent, agents = among_any("agent", authors.agents)
    by_person, sessions = among_any("session", authors.sessions)
    return f"({by_agent} OR agent IS NULL AND {by_person})", [*agents, *sessions]


def among_any(column: str, values: Iterable[str]) -> Condition:
    """The column is one of the values, of any number."""
    return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(sorted(values))]


def among(column: str, values: Sequence[object]) -> Condition:
    """The column is one of the values; no values mean no condition."""
    return (f"{column} IN ({marks(values)})", list(values)) if values else ("1", [])


def marks(values: Sequence[object]) -> str:
    """A placeholder for each value."""
    return ", ".join("?" * len(values))


def _tagged(tags: tuple[str, ...]) -> Condition:
    named, values = among("tag", tags)
    return (f"row IN (SELECT row FROM tags WHERE {named})", values) if tags else ("1", [])


def _anchored(connection: sqlite3.Connection, paths: tuple[str, ...]) -> Condition:
    if not paths:
        return "1", []
    same: list[object] = []
    below: list[object] = []
    globs = [glob for (glob,) in connection.execute("SELECT DISTINCT path FROM anchors WHERE glob")]
    for path in map(tidied, paths):
        same += [path, *(str(parent) for parent in PurePosixPath(path).parents if str(parent) != ".")]
        same += [glob for glob in globs if matches(glob, path)]
        below += [f"{path}/", f"{path}0"]
    ranges = " OR ".join(["path >= ? AND path < ?"] * len(paths))
    statement = f"row IN (SELECT row FROM anchors WHERE path IN ({marks(same)}) OR {ranges})"
    return statement, same + below
