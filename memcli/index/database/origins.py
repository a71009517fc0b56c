"""Where the memories that one reader sees are from: the agents and sessions that they name."""

from __future__ import annotations

from memcli.index.database.visible_rows import VisibleRows


class Origins:
    """The origins of the visible memories."""

    def __init__(self, rows: VisibleRows) -> None:
        self._rows = rows

    def agents(self) -> list[str]:
        """The agents that wrote them, by name."""
        named = f"agent IS NOT NULL AND {self._rows.within}"
        statement = f"SELECT DISTINCT agent FROM memories WHERE {named} ORDER BY agent"
        return [agent for (agent,) in self._rows.connection.execute(statement, self._rows.refs)]

    def has_session(self, name: str) -> bool:
        """Whether one of them is from this session."""
        statement = f"SELECT 1 FROM memories WHERE session = ? AND {self._rows.within} LIMIT 1"
        return self._rows.connection.execute(statement, [name, *self._rows.refs]).fetchone() is not None
