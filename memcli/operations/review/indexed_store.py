"""What the checks look up: the store's tip through the index, and the sessions beside those that are reviewed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from memcli.core.memory.memory import Memory
from memcli.core.memory.summary import MemorySummary
from memcli.index.database.view import View
from memcli.operations.review.other_sessions import AllSessions, OpenSessions
from memcli.store import parse_memory

_MOST_SIMILAR = 10


class IndexedStore:
    """The store's tip as the checks query it; `elsewhere` is what they find beside the sessions that are reviewed."""

    def __init__(self, view: View, every: AllSessions, reviewed: Collection[str] = ()) -> None:
        self._view, self._every, self.elsewhere = view, every, OpenSessions(every, reviewed)
        self._memories: dict[str, Memory | None] = {}

    def beside(self, reviewed: Collection[str]) -> IndexedStore:
        """The same store for the review of other sessions; what was read of it is read once for all."""
        other = IndexedStore(self._view, self._every, reviewed)
        other._memories = self._memories
        return other

    def blob(self, id: str) -> str | None:
        """The blob of a memory, None where it is not there."""
        record = self._view.get(id)
        return record.blob if record else None

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
