"""What the checks look up in the store: its tip through the index."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.memory.memory import Memory
from memcli.core.memory.summary import MemorySummary
from memcli.index.database.view import View
from memcli.operations.review.other_sessions import OpenSessions
from memcli.sessions import Sessions
from memcli.store import parse_memory

_MOST_SIMILAR = 10


class IndexedStore:
    """The store's tip as the checks query it, and the sessions beside the one that is checked."""

    def __init__(self, view: View, sessions: Sessions, session: str) -> None:
        self._view, self.elsewhere = view, OpenSessions(sessions, session)
        self._memories: dict[str, Memory | None] = {}

    def memory(self, id: str) -> Memory | None:
        record = self._view.get(id)
        return self._read(record) if record else None

    def by_key(self, key: str) -> list[Memory]:
        return self._all(self._view.by_key(key))

    def same_claim(self, claim: str) -> list[Memory]:
        return self._all(self._view.by_claim(claim))

    def similar(self, text: str) -> list[Memory]:
        return self._all(self._view.similar(text, _MOST_SIMILAR))

    def _all(self, records: Sequence[MemorySummary]) -> list[Memory]:
        return [memory for memory in map(self._read, records) if memory]

    def _read(self, record: MemorySummary) -> Memory | None:
        """The memory of a record, read once: look-alikes find each other over and over."""
        if record.path not in self._memories:
            self._memories[record.path] = parse_memory(self._view.text(record), record.path).memory
        return self._memories[record.path]
