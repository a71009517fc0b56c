"""The home of what gave way in a merge: where a document keeps the values of the other side until a person settles it.

`conflict: true` marks it; `title_other` holds the other title, `conflict_other` the rest by key (`source.ref` for a key
below another): one text, or a list where several gave way. A value that is no text is written as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, TypeAlias

from memcli.core.memory.document import Document, Value, frozen

KEYS = ("conflict", "title_other", "conflict_other")
Others: TypeAlias = dict[str, frozenset[str]]
"""Texts that gave way, by the name of their key."""


def conflicted(document: Document) -> bool:
    """Whether a merge left something here for a person to settle."""
    return document.get("conflict") == "true" or bool(recorded(document))


def settle(document: Document, choice: Literal["ours", "other"]) -> Document:
    """The document without its conflict and its `attention`: as it stands (`ours`) or with the values that gave way.

    The body holds both texts and stays as it is; of several values for one key the smallest is taken.
    """
    changes: dict[str, Value] = dict.fromkeys((*KEYS, "attention"))
    if choice == "other":
        for name, texts in sorted(recorded(document).items()):
            root, _, leaf = _split(name)
            value = unspelled(min(texts))
            below = changes.get(root, document.get(root))
            changes[root] = {**(below if isinstance(below, Mapping) else {}), leaf: value} if leaf else value
    return document.with_values(changes)


def lookup(document: Document, name: str) -> Value:
    """The value of `key` or `source.key`."""
    root, _, leaf = _split(name)
    value = document.get(root)
    if not leaf:
        return value
    return value.get(leaf) if isinstance(value, Mapping) else None


def _split(name: str) -> tuple[str, str, str]:
    return name.partition(".") if name.startswith("source.") else (name, "", "")


def recorded(document: Document) -> Others:
    """What gave way in earlier merges."""
    other, title = document.get("conflict_other"), document.get("title_other")
    found = {key: _texts(value) for key, value in other.items()} if isinstance(other, Mapping) else {}
    if title is not None:
        found["title"] = found.get("title", frozenset()) | {spelled(title)}
    return {name: texts for name, texts in found.items() if texts}


def _texts(value: Value) -> frozenset[str]:
    values = value if isinstance(value, tuple) else (value,)
    return frozenset(each if isinstance(each, str) else spelled(each) for each in values if each is not None)


def written(others: Others, title_now: Value) -> dict[str, Value]:
    """The keys that record `others`; `title_other` stays what it is now where that still is among them."""
    titles = others.get("title", frozenset())
    title = spelled(title_now) if spelled(title_now) in titles else min(titles, default=None)
    rest = {**others, "title": titles - {title}}
    below: dict[str, Value] = {}
    for name in sorted(name for name, texts in rest.items() if texts):
        texts = tuple(sorted(rest[name]))
        below[name] = texts if len(texts) > 1 else texts[0]
    return {"title_other": None if title is None else unspelled(title), "conflict_other": below or None}


def spelled(value: Value) -> str:
    """Any value as one text that `unspelled` reads; most texts stand for themselves."""
    if isinstance(value, str) and value[:1] not in ("[", "{", '"'):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def unspelled(text: str) -> Value:
    """The value of `spelled`; a text that only looks like JSON is itself."""
    if text[:1] not in ("[", "{", '"'):
        return text
    try:
        return frozen(json.loads(text))
    except ValueError:
        return text
