"""What the checks look up: the store's tip through the index, and the candidates of other open sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from memcli.core.memory.memory import Memory
from memcli.core.memory.summary import MemorySummary
from memcli.index.database.view import View
from memcli.sessions import Sessions
from memcli.store import parse_memory

_MAX_OTHERS = 200
"""Candidates of other sessions that new ones are compared with."""


class IndexedStore:
    """The store's tip through the index, and the candidates of other open sessions, as the checks query them."""

    def __init__(self, view: View, sessions: Sessions, session: str) -> None:
        self._view, self._sessions, self._session = view, sessions, session

    def memory(self, id: str) -> Memory | None:
        record = self._view.get(id)
        return self._read(record) if record else None

    def by_key(self, key: str) -> list[Memory]:
        return self._all(self._view.by_key(key))

    def same_content(self, content_hash: str) -> list[Memory]:
        return self._all(self._view.by_content(content_hash))

    def similar(self, text: str) -> list[Memory]:
        return self._all(self._view.similar(text, 10)) + self._others

    def _all(self, records: Sequence[MemorySummary]) -> list[Memory]:
        return [memory for memory in map(self._read, records) if memory]

    def _read(self, record: MemorySummary) -> Memory | None:
        return parse_memory(self._view.text(record), record.path).memory

    @cached_property
    def _others(self) -> list[Memory]:
        """Candidates of other open sessions: two agents may be writing down the same thing, or its opposite."""
        return list(islice(self._active_candidates(), _MAX_OTHERS))

    def _active_candidates(self) -> Iterator[Memory]:
        for session in self._sessions.all():
            if session.name != self._session:
                memories = (candidate.after for candidate in self._sessions.candidates(session))
                yield from (memory for memory in memories if memory and memory.status == "active")
