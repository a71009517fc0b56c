"""`<private>…</private>`: text that its author wants nobody to keep, removed before anything is written.

Laws: nothing between the tags is in the result; removing twice is removing once; a text without tags is unchanged.
Tags may be in any case, nested, or unclosed: then all that follows is private.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

_TAG = re.compile(
    r"""<(?P<close>/)?private(?=[\s/>]|\Z)(?:\s+[\w:.-]+=(?:"[^"]*"|'[^']*'))*+[^>]*+(?:>|\Z)""", re.IGNORECASE
)
"""A tag with any attributes; a `>` within a quoted value does not end it. It never backtracks: time is linear."""
_OPEN = re.compile(r"<private[\s/>]", re.IGNORECASE)
_ROUNDS = 10
"""The text on both sides of a private part may form another tag; after so many rounds the rest is cut off."""
_Value = TypeVar("_Value")


def has_private(text: str) -> bool:
    """Whether anything in a text is marked private."""
    return any(not match["close"] for match in _TAG.finditer(text))


def without_private(text: str) -> tuple[str, int]:
    """The text without its private parts, and how many there were."""
    total = 0
    for _ in range(_ROUNDS):
        text, count = _remove_once(text)
        if not count:
            return text, total
        total += count
    return _OPEN.split(text)[0], total + 1


def _remove_once(text: str) -> tuple[str, int]:
    kept, depth, place, count = list[str](), 0, 0, 0
    for tag in _TAG.finditer(text):
        if tag["close"] and depth == 0:
            continue  # closes nothing, so it is ordinary text
        if depth == 0:
            kept.append(text[place : tag.start()])
            count += 1
        depth += -1 if tag["close"] else 0 if tag[0].endswith("/>") else 1
        place = tag.end()
    return "".join([*kept, "" if depth else text[place:]]), count


def value_without_private(value: _Value) -> tuple[_Value, int]:
    """The value without the private parts of every text in it, at any depth, keys included; and how many there were."""
    counts: list[int] = []

    def cleaned(part: object) -> object:
        if isinstance(part, str):
            text, count = without_private(part)
            counts.append(count)
            return text
        if isinstance(part, Mapping):
            return {cleaned(key): cleaned(inner) for key, inner in part.items()}
        if isinstance(part, list | tuple):
            return type(part)([cleaned(inner) for inner in part])
        return part

    result = cleaned(value)
    return result, sum(counts)  # type: ignore[return-value]
