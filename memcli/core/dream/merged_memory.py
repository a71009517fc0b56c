"""Merging two memories into one without losing anything either says. The elder keeps its id, its path and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.key_types import DEFAULT_TOPIC
from memcli.core.memory.keys import ORDER
from memcli.core.memory.line_edits import rank
from memcli.core.memory.memory import Memory, strength
from memcli.core.memory.questions import attention_value, listed_questions

MUST_AGREE = ("kind", "valid_to", "expires", "holds_if")
"""Keys in which merged memories must agree: two values of these cannot both be kept."""
_LISTS = ("tags", "based_on", "supersedes", "sources")


def merged_document(elder: Document, memory: Memory, younger: Document, other: Memory, at: str) -> Document:
    """The elder with the younger's tags, topic, anchors, sources and questions, and the weaker trust of the two."""
    lists: dict[str, Value] = {key: _distinct(elder.get(key), younger.get(key)) for key in _LISTS}
    topic = (other.topic,) if other.topic not in (memory.topic, DEFAULT_TOPIC) else ()
    values: dict[str, Value] = {
        **{key: value for key, value in lists.items() if value},
        "tags": _distinct(lists["tags"], topic) or None,
        "paths": _anchors(memory.paths, other.paths) or None,
        "sources": _distinct(lists["sources"], _source_line(other)) or None,
        "merged_from": _distinct(elder.get("merged_from"), (other.id,)),
        "evidence": min(memory, other, key=strength).evidence,
        "confidence": _lower(elder.get("confidence"), younger.get("confidence")),
        "attention": _questions(memory, other),
        "modified": at,
    }
    return elder.with_values({key: value for key, value in values.items() if value != elder.get(key)})


def same_unknown_keys(mine: Mapping[str, Value], theirs: Mapping[str, Value]) -> bool:
    """Whether two front matters agree in every key without a rule for merging (`outcome`, keys of the user's own)."""
    unknown = {key for key in (*mine, *theirs) if rank(key) == len(ORDER)} - set(_LISTS)
    return all(mine.get(key) == theirs.get(key) for key in unknown)


def _distinct(*values: Value) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(text for value in values for text in texts(value)))


def _questions(memory: Memory, other: Memory) -> tuple[str, ...] | None:
    """The questions of both that are not about the two alone."""
    questions = listed_questions((*memory.attention, *other.attention))
    pair = {memory.id, other.id}
    return attention_value(
        {
            question.subject: question
            for question in questions
            if not question.with_ids or set(question.with_ids) - pair
        }.values()
    )


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
