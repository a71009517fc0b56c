"""A memory on its way out of the store, and how the memories of one export refer to each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memcli.core.memory.document import Document
from memcli.core.memory.memory import Memory
from memcli.core.memory.standing import PROPOSED, UNCLEAR

UNDECIDED = (PROPOSED, UNCLEAR)
"""Tags of what is not decided."""


@dataclass(frozen=True)
class ExportedMemory:
    """A memory, its whole file, its path in the store, and the session that proposes it (empty: it is promoted)."""

    memory: Memory
    document: Document
    path: str
    candidate_of: str = ""

    @property
    def undecided(self) -> str:
        """What it is as long as it is not decided: `proposed`, also for a candidate, or `unclear`; empty otherwise."""
        return PROPOSED if self.candidate_of else next((tag for tag in UNDECIDED if tag in self.memory.tags), "")


class ExportedIds:
    """Finds the exported memory that an id, or the beginning or the end of one, means."""

    def __init__(self, memories: Iterable[ExportedMemory]) -> None:
        self._by_id = {str(exported.memory.id): exported for exported in memories}
        self._ids = sorted(self._by_id)
        self._reversed = sorted(memory_id[::-1] for memory_id in self._ids)

    def get(self, text: str) -> ExportedMemory | None:
        """The memory; None where none or several match."""
        wanted = text.upper()
        if whole := self._by_id.get(wanted):
            return whole
        ends = (match[::-1] for match in _beginning(self._reversed, wanted[::-1]))
        matches = {*_beginning(self._ids, wanted), *ends}
        return self._by_id[matches.pop()] if len(matches) == 1 else None


def _beginning(ordered: list[str], text: str) -> Iterator[str]:
    """The first texts that begin with `text`, at most two."""
    start = bisect_left(ordered, text)
    return (whole for whole in ordered[start : start + 2] if whole.startswith(text))
