"""Uniting: one memory out of two, where nothing that either says is lost. The elder keeps its id and its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from memcli.core.dream.containment import stands_in
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.line_edits import ORDER, rank
from memcli.core.memory.memory import Memory
from memcli.core.review.checks.keys import strength

FACTS = ("kind", "valid_to", "expires", "holds_if")
"""What united memories must have alike: it has no sentence of its own that could be kept."""
_LISTS = ("tags", "based_on", "supersedes", "sources")


def united(elder: Document, memory: Memory, younger: Document, other: Memory, at: str) -> Document:
    """The elder with all that the younger has beside it: text, tags, anchors, sources; trusted as the least of both."""
    lists: dict[str, Value] = {key: _all(elder.get(key), younger.get(key)) for key in _LISTS}
    values: dict[str, Value] = {
        **{key: value for key, value in lists.items() if value},
        "paths": _anchors(memory.paths, other.paths) or None,
        "sources": _all(lists["sources"], _source(other)) or None,
        "merged_from": _all(elder.get("merged_from"), (other.id,)),
        "evidence": min(memory, other, key=strength).evidence,
        "confidence": _least(elder.get("confidence"), younger.get("confidence")),
        "modified": at,
    }
    changed = elder.with_values({key: value for key, value in values.items() if value != elder.get(key)})
    return changed if stands_in(other.body, memory.body) else changed.with_body(younger.body)


def same_beside(mine: Mapping[str, Value], theirs: Mapping[str, Value]) -> bool:
    """Whether two front matters agree in the keys that nobody here knows how to unite (`outcome`, a user's own)."""
    unknown = {key for key in (*mine, *theirs) if rank(key) == len(ORDER)} - set(_LISTS)
    return all(mine.get(key) == theirs.get(key) for key in unknown)


def _all(*values: Value) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(text for value in values for text in texts(value)))


def _anchors(mine: Iterable[Anchor], theirs: Iterable[Anchor]) -> tuple[Value, ...]:
    """Each path once, with the blob of the elder, who was there first: what has changed since is to be seen."""
    found = {anchor.path: anchor for anchor in (*theirs, *mine)}
    ordered = dict.fromkeys(anchor.path for anchor in (*mine, *theirs))
    return tuple(str(found[path]) for path in ordered)


def _source(memory: Memory) -> tuple[Value, ...]:
    """Where a memory came from, in a line."""
    said = {key: value for key, value in vars(memory.source).items() if value}
    return (", ".join(f"{key} {value}" for key, value in said.items()),) if said else ()


def _least(mine: Value, theirs: Value) -> Value:
    """The smaller of two shares, as it is written; one that is not said leaves the other."""
    known = [value for value in (mine, theirs) if isinstance(value, str) and value]
    try:
        return min(known, key=float, default=None)
    except ValueError:
        return mine
