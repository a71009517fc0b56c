"""Stores for dreams: texts that are put into the store as they are, without the checks of a review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from memcli.branch import store_to_write
from memcli.core.memory.document import new_document
from memcli.core.memory.identity import MemoryId, new_memory_path, ulid
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.text.prose import first_title
from memcli.git import refs
from memcli.git.objects import Move
from memcli.workspace import Workspace

_EPOCH = datetime(2026, 1, 6, 8, 0, tzinfo=UTC)


def memory_of(number: int, body: str) -> Memory:
    """The memory of that number, a minute younger than the one before it."""
    created = _EPOCH + timedelta(minutes=number)
    title = first_title(body) or f"note {number}"
    memory_id = ulid(created, number.to_bytes(10, "big"))
    return Memory(memory_id, title, "semantic", "fact", "general", body, created, created)


def load(
    workspace: Workspace,
    bodies: Iterable[str],
    fields: Mapping[int, Mapping[str, object]] | None = None,
    first: int = 0,
) -> list[MemoryId]:
    """Commit memories with these bodies to the store, numbered from `first`; their ids.

    `fields`: other values of some memories, by number.
    """
    given = fields or {}
    memories = [
        replace(memory_of(number, body), **given.get(number, {}))  # type: ignore[arg-type]
        for number, body in enumerate(bodies, first)
    ]
    files = {
        new_memory_path(memory.kind, memory.topic, memory.title, memory.id): (
            new_document(front_matter(memory), memory.body).text()
        )
        for memory in memories
    }
    ref, tip = store_to_write(workspace.layout)
    tree = workspace.store.write(workspace.store.tree_of(tip), files)
    made = workspace.odb.write_commit(tree, [tip], "promote: a store for a test\n", workspace.person)
    refs.move(workspace.odb, [Move(ref, tip, made)], "test", workspace.person)
    return [memory.id for memory in memories]
