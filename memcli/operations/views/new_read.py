"""A read as a command reports it, and as its session records it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memcli.core.memory.summary import MemorySummary
from memcli.core.review.recorded_text import recordable_value
from memcli.core.session.reads import Read


@dataclass(frozen=True)
class NewRead:
    """The command, what was asked and how, the memories shown, the text that was printed, and the tree it was read from
    (None: the indexed one)."""

    command: str
    query: str
    parameters: Mapping[str, object]
    shown: Sequence[MemorySummary]
    text: str
    tree: str | None = None

    def recorded(self, at: str, indexed: str) -> Read:
        """The record at an instant, while that tree is indexed; nothing private and no secret is in it."""
        from hashlib import sha256  # most reads are not recorded, and OpenSSL takes 2 ms to load

        query, parameters = recordable_value((self.query, self.parameters))
        ids = tuple((record.id, record.blob) for record in self.shown)
        digest = sha256(self.text.encode()).hexdigest()
        return Read(self.command, at, indexed if self.tree is None else self.tree, query, parameters, ids, digest)
