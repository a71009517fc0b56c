"""Records of one decision log: they share a template's words, and each decides something of its own."""

from __future__ import annotations

from memcli.core.memory.memory import Memory
from memcli.core.review.exclusion import source_path

READER = "decisions"
"""The `source.reader` of what was read from a decision record."""


def are_separate_records(memory: Memory, other: Memory) -> bool:
    """Whether two memories were read from different decision records and have different titles: however alike their
    words are, neither repeats or contradicts the other."""
    if memory.source.reader != READER or other.source.reader != READER:
        return False
    return _record(memory) != _record(other) and memory.title.casefold() != other.title.casefold()


def _record(memory: Memory) -> str | None:
    return source_path(memory.source.ref)
