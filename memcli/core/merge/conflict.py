"""Conflicts: what a merged document keeps of both sides until a person resolves it.

`conflict: true` marks it; `title_other` holds the title that gave way, `conflict_other` the values by key (`source.ref`
for a part of `source`): one text, or a list where several gave way. A value that is not a text is written as JSON.
`conflict_sides` holds both versions as whole files: a merged body does not tell what of it is whose.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias

from memcli.core.memory.document import MAX_BYTES, Document, DocumentError, Value, frozen, parse_document

OURS, THEIRS = "ours", "theirs"
CONFLICT_KEYS = ("conflict", "title_other", "conflict_other", "conflict_sides")
OtherValues: TypeAlias = dict[str, frozenset[str]]
"""Values that gave way, as texts, by the name of their key."""


def conflicted(document: Document) -> bool:
    """Whether a merge left values here for a person to choose from."""
    return document.get("conflict") == "true" or bool(other_values(document))


def with_sides(merged: Document, ours: Document, theirs: Document) -> Document:
    """A conflicted document with both of its versions, where these fit into the file."""
    sides = {OURS: _side_text(ours), THEIRS: _side_text(theirs)}
    try:
        document = merged.with_values({"conflict_sides": sides})
    except DocumentError:
        return merged
    return document if len(document.text().encode()) <= MAX_BYTES else merged


def _side_text(side: Document) -> str:
    return side.with_values({"conflict_sides": None}).text()


def sides_of(document: Document) -> dict[str, Document]:
    """The versions of a conflicted document by `OURS` and `THEIRS`; empty where they are not recorded."""
    recorded = document.get("conflict_sides")
    texts = recorded if isinstance(recorded, Mapping) else {}
    try:
        sides = {name: parse_document(text) for name in (OURS, THEIRS) if isinstance(text := texts.get(name), str)}
    except DocumentError:
        return {}
    return sides if len(sides) == 2 else {}


def versions_of(document: Document) -> dict[str, Document]:
    """As `sides_of`; where the versions are not recorded, as the values that gave way tell them."""
    sides = sides_of(document)
    if not sides and other_values(document):
        return {OURS: document, THEIRS: with_other_values(document)}
    return sides


def without_conflict(document: Document) -> Document:
    """The document as it stands, with the texts of both sides and no conflict."""
    return document.with_values(dict.fromkeys(CONFLICT_KEYS))


def with_other_values(document: Document) -> Document:
    """The document with the values that gave way, for a conflict without recorded sides; the body stays as it is, and
    of several values for one key the smallest is taken."""
    changes: dict[str, Value] = dict.fromkeys(CONFLICT_KEYS)
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
    return frozenset(part if isinstance(part, str) else encode_value(part) for part in values if part is not None)


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
