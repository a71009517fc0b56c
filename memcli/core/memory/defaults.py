"""Defaults: the front matter of a new memory where its author gives only a body."""

from __future__ import annotations

from memcli.core.memory.document import Value
from memcli.core.memory.key_types import TYPES
from memcli.core.text.prose import first_title

_KINDS = {"procedure": "procedural", "event": "episodic", "attempt": "episodic"}
_TYPES = {"procedural": "procedure", "episodic": "event"}


def kind_of_type(type_: str) -> str:
    """The kind that a type implies."""
    return _KINDS.get(type_, "semantic")


def checked_kind(type_: Value, kind: Value) -> str:
    """The kind of a memory whose author gives its type, its kind or both; a type of their own goes with any kind.

    Raises ValueError where the two contradict each other."""
    implied = kind_of_type(str(type_))
    if type_ in TYPES and kind and kind != implied:
        raise ValueError(f"the type {type_!r} is {implied}, not {kind}")
    return str(kind or implied)


def type_of_kind(kind: str) -> str:
    """The type of a memory of which only the kind is given."""
    return _TYPES.get(kind, "fact")


def own_evidence(is_agent: bool) -> str:
    """The evidence of an author's own word: an agent's is an inference."""
    return "inference" if is_agent else "human"


def default_values(body: str, title: str, kind: str, topic: str, now: str, created: Value = None) -> dict[str, Value]:
    """The values of a new memory by key; `title` is used where the body has none, `created` is the author's."""
    return {
        "title": first_title(body) or title,
        "kind": kind,
        "type": type_of_kind(kind),
        "topic": topic,
        "created": now,
        "modified": created or now,
    }
