"""Merging two memories into one without losing anything either says. The elder keeps its id and its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from memcli.core.dream.containment import is_contained_verbatim
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.keys import ORDER
from memcli.core.memory.line_edits import rank
from memcli.core.memory.memory import Memory, strength
from memcli.core.memory.titles import with_followed_title

MUST_AGREE = ("kind", "valid_to", "expires", "holds_if")
"""Keys in which merged memories must agree: two values of these cannot both be kept."""
_LISTS = ("tags", "based_on", "supersedes", "sources")


def merged_document(elder: Document, memory: Memory, younger: Document, other: Memory, at: str) -> Document:
    """The elder with the younger's additional text, tags, anchors and sources, and the weaker trust of the two."""
    lists: dict[str, Value] = {key: _distinct(elder.get(key), younger.get(key)) for key in _LISTS}
    values: dict[str, Value] = {
        **{key: value for key, value in lists.items() if value},
        "paths": _anchors(memory.paths, other.paths) or None,
        "sources": _distinct(lists["sources"], _source_line(other)) or None,
        "merged_from": _distinct(elder.get("merged_from"), (other.id,)),
        "evidence": min(memory, other, key=strength).evidence,
        "confidence": _lower(elder.get("confidence"), younger.get("confidence")),
        "modified": at,
    }
    changed = elder.with_values({key: value for key, value in values.items() if value != elder.get(key)})
    return (
        changed
        if is_contained_verbatim(other.body, memory.body)
        else with_followed_title(changed, changed.with_body(younger.body))
    )


def same_unknown_keys(mine: Mapping[str, Value], theirs: Mapping[str, Value]) -> bool:
    """Whether two front matters agree in every key without a rule for merging (`outcome`, keys of the user's own)."""
    unknown = {key for key in (*mine, *theirs) if rank(key) == len(ORDER)} - set(_LISTS)
    return all(mine.get(key) == theirs.get(key) for key in unknown)


def _distinct(*values: Value) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(text for value in values for text in texts(value)))


def _anchors(mine: Iterable[Anchor], theirs: Iterable[Anchor]) -> tuple[Value, ...]:
    """Each path once, with the elder's blob: that is the older one, so later changes of the code remain visible."""
    anchors = {anchor.path: anchor for anchor in (*theirs, *mine)}
    ordered = dict.fromkeys(anchor.path for anchor in (*mine, *theirs))
    return tuple(str(anchors[path]) for path in ordered)


def _source_line(memory: Memory) -> tuple[Value, ...]:
    """The source of a memory in one line, if it has any."""
    stated = {key: value for key, value in vars(memory.source).items() if value}
    return (", ".join(f"{key} {value}" for key, value in stated.items()),) if stated else ()


def _lower(mine: Value, theirs: Value) -> Value:
    """The smaller of two numbers as written; the other one where only one is stated."""
    stated = [value for value in (mine, theirs) if isinstance(value, str) and value]
    try:
        return min(stated, key=float, default=None)
    except ValueError:
        return mine
