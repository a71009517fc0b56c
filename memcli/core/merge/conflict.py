"""The values that gave way in a merge: where a document keeps those of the other side until a person resolves them.

`conflict: true` marks it; `title_other` holds the other title, `conflict_other` the other values by key (`source.ref`
for a part of `source`): one text, or a list where several gave way. A value that is not a text is written as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, TypeAlias

from memcli.core.memory.document import Document, Value, frozen

CONFLICT_KEYS = ("conflict", "title_other", "conflict_other")
OtherValues: TypeAlias = dict[str, frozenset[str]]
"""Values that gave way, as texts, by the name of their key."""


def conflicted(document: Document) -> bool:
    """Whether a merge left values here for a person to choose from."""
    return document.get("conflict") == "true" or bool(other_values(document))


def resolve_conflict(document: Document, keep: Literal["ours", "other"]) -> Document:
    """The document without its conflict and its `attention`: as it stands (`ours`) or with the values that gave way.

    The body holds both texts and stays as it is; of several values for one key the smallest is taken.
    """
    changes: dict[str, Value] = dict.fromkeys((*CONFLICT_KEYS, "attention"))
    if keep == "other":
        for name, texts in sorted(other_values(document).items()):
            root, _, part = _split(name)
            value = decode_value(min(texts))
            whole = changes.get(root, document.get(root))
            changes[root] = {**(whole if isinstance(whole, Mapping) else {}), part: value} if part else value
    return document.with_values(changes)


def lookup(document: Document, name: str) -> Value:
    """The value of `key` or `source.key`."""
    root, _, part = _split(name)
    value = document.get(root)
    if not part:
        return value
    return value.get(part) if isinstance(value, Mapping) else None


def _split(name: str) -> tuple[str, str, str]:
    return name.partition(".") if name.startswith("source.") else (name, "", "")


def other_values(document: Document) -> OtherValues:
    """The values that gave way in earlier merges."""
    other, title = document.get("conflict_other"), document.get("title_other")
    values = {key: _texts(value) for key, value in other.items()} if isinstance(other, Mapping) else {}
    if title is not None:
        values["title"] = values.get("title", frozenset()) | {encode_value(title)}
    return {name: texts for name, texts in values.items() if texts}


def _texts(value: Value) -> frozenset[str]:
    values = value if isinstance(value, tuple) else (value,)
    return frozenset(each if isinstance(each, str) else encode_value(each) for each in values if each is not None)


def conflict_values(others: OtherValues, title_now: Value) -> dict[str, Value]:
    """The front matter that records `others`; `title_other` stays what it is now if that still is among them."""
    titles = others.get("title", frozenset())
    title = encode_value(title_now) if encode_value(title_now) in titles else min(titles, default=None)
    rest = {**others, "title": titles - {title}}
    by_key: dict[str, Value] = {}
    for name in sorted(name for name, texts in rest.items() if texts):
        texts = tuple(sorted(rest[name]))
        by_key[name] = texts if len(texts) > 1 else texts[0]
    return {"title_other": None if title is None else decode_value(title), "conflict_other": by_key or None}


def encode_value(value: Value) -> str:
    """Any value as one text that `decode_value` reads; most texts stand for themselves."""
    if isinstance(value, str) and value[:1] not in ("[", "{", '"'):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def decode_value(text: str) -> Value:
    """The value of `encode_value`; a text that only looks like JSON is itself."""
    if text[:1] not in ("[", "{", '"'):
        return text
    try:
        return frozen(json.loads(text))
    except ValueError:
        return text
