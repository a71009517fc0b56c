"""What became of the store's memories between two of its trees, for a session that returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memcli.core.memory.document import DocumentError, Value, parse_document
from memcli.git.odb import Odb
from memcli.operations.views.index_update import memory_deltas

NEW, CHANGED, RETIRED, ANSWERED = "new", "changed", "retired", "question answered"
Fronts = dict[str, Mapping[str, Value]]


def changes_since(odb: Odb, before: str, after: str) -> list[tuple[str, str]]:
    """(memory's id, what became of it) for all that differ, by id. Raises MemError where a tree is not here."""
    old, new = Fronts(), Fronts()
    for delta in memory_deltas(odb, before, after):
        old |= _front(odb, delta.old)
        new |= _front(odb, delta.new)
    return sorted(_changes(old, new))


def _front(odb: Odb, blob: str | None) -> Fronts:
    """The front matter of a memory by its id; empty for none and for what cannot be read."""
    try:
        front = parse_document(odb.blob(blob).decode("utf-8", "replace")).front() if blob else {}
    except DocumentError:
        front = {}
    return {str(front["id"]): front} if front.get("id") else {}


def _changes(old: Fronts, new: Fronts) -> Iterator[tuple[str, str]]:
    for memory_id, front in new.items():
        before = old.get(memory_id)
        if before is None:
            if _is_active(front):
                yield memory_id, NEW
        elif _is_active(before) != _is_active(front):
            yield memory_id, NEW if _is_active(front) else RETIRED
        else:
            yield memory_id, ANSWERED if _asks(before) and not _asks(front) else CHANGED


def _is_active(front: Mapping[str, Value]) -> bool:
    return front.get("status", "active") == "active"


def _asks(front: Mapping[str, Value]) -> bool:
    return bool(front.get("attention") or front.get("conflict"))
