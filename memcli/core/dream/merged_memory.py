"""Merging memories into one without losing anything they say. The first keeps its id, its path and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.key_types import DEFAULT_TOPIC
from memcli.core.memory.keys import ORDER
from memcli.core.memory.line_edits import rank
from memcli.core.memory.memory import Memory, strength
from memcli.core.memory.questions import attention_value, listed_questions

MUST_AGREE = ("kind", "valid_to", "expires", "holds_if", "outcome")
"""Keys in which merged memories must agree: two values of these cannot both be kept."""
MOST_SOURCES = 100
"""Sources that a merged memory lists; those of the others stay in their own files."""
_LISTS = ("tags", "based_on", "supersedes", "sources")


class MergeInput(NamedTuple):
    """A document, and the memory in it."""

    document: Document
    memory: Memory


def merged_document(kept: MergeInput, others: Sequence[MergeInput], at: str) -> Document:
    """The first with the tags, topics, anchors, sources and questions of the others, and the weakest trust of all.

    Raises DocumentError where that is more than front matter can hold.
    """
    files, document = [kept, *others], kept.document
    lists: dict[str, Value] = {key: _distinct(*(file.document.get(key) for file in files)) for key in _LISTS}
    topics = tuple(file.memory.topic for file in others if file.memory.topic not in (kept.memory.topic, DEFAULT_TOPIC))
    sources = _distinct(lists["sources"], *(_source_line(file.memory) for file in others))
    values: dict[str, Value] = {
        **{key: value for key, value in lists.items() if value},
        "tags": _distinct(lists["tags"], topics) or None,
        "paths": _anchors(file.memory.paths for file in files) or None,
        "sources": sources[:MOST_SOURCES] or None,
        "merged_from": _distinct(document.get("merged_from"), tuple(file.memory.id for file in others)),
        "evidence": min((file.memory for file in files), key=strength).evidence,
        "confidence": _lowest(file.document.get("confidence") for file in files),
        "attention": _questions([file.memory for file in files]),
        "modified": at,
    }
    return document.with_values({key: value for key, value in values.items() if value != document.get(key)})


def same_unknown_keys(mine: Mapping[str, Value], theirs: Mapping[str, Value]) -> bool:
    """Whether two front matters agree in every key without a rule for merging (the keys of the user's own)."""
    unknown = {key for key in (*mine, *theirs) if rank(key) == len(ORDER)} - set(_LISTS)
    return all(mine.get(key) == theirs.get(key) for key in unknown)


def _distinct(*values: Value) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(text for value in values for text in texts(value)))


def _questions(memories: Sequence[Memory]) -> tuple[str, ...] | None:
    """The questions of all that are not about these memories alone."""
    ids = {memory.id for memory in memories}
    questions = listed_questions(tuple(line for memory in memories for line in memory.attention))
    others = (question for question in questions if not question.with_ids or set(question.with_ids) - ids)
    return attention_value({question.subject: question for question in others}.values())


def _anchors(sides: Iterable[Iterable[Anchor]]) -> tuple[Value, ...]:
    """Each path once, with the first blob: that is the oldest one, so later changes of the code remain visible."""
    anchors: dict[str, Anchor] = {}
    for anchor in (anchor for side in sides for anchor in side):
        anchors.setdefault(anchor.path, anchor)
    return tuple(map(str, anchors.values()))


def _source_line(memory: Memory) -> tuple[Value, ...]:
    """The source of a memory in one line, if it has any."""
    stated = {key: value for key, value in vars(memory.source).items() if value}
    return (", ".join(f"{key} {value}" for key, value in stated.items()),) if stated else ()


def _lowest(values: Iterable[Value]) -> Value:
    """The smallest of the stated numbers as written; the first where one is no number."""
    stated = [value for value in values if isinstance(value, str) and value]
    try:
        return min(stated, key=float, default=None)
    except ValueError:
        return stated[0]
