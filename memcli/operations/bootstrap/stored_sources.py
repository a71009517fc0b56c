"""The stored memories that were read from a source, as a view of the store has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory
from memcli.core.memory.summary import MemorySummary
from memcli.index.database.view import View
from memcli.operations.memories.changes import OpenedMemory


@dataclass(frozen=True)
class StoredSources:
    """Memories that `mem bootstrap` or `mem import` proposed; `opened`: id → the file of each."""

    memories: tuple[Memory, ...]
    opened: Mapping[str, OpenedMemory]


def stored_sources(view: View) -> StoredSources:
    """The memories of a view that a reader found in a file, whatever their status."""
    memories: list[Memory] = []
    opened: dict[str, OpenedMemory] = {}
    for record in view.sourced():
        file = _opened(view, record)
        memory = read_memory(file.document)[0] if file else None
        if file and memory and memory.source.reader:
            memories.append(memory)
            opened[memory.id] = file
    return StoredSources(tuple(memories), opened)


def _opened(view: View, record: MemorySummary) -> OpenedMemory | None:
    try:
        return OpenedMemory(record, parse_document(view.text(record)))
    except DocumentError:
        return None
