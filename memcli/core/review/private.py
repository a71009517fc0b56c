"""`<private>…</private>`: what its author wants nobody to keep, taken out of a text before anything is written.

Laws: nothing between the tags is in the result; taking out twice is taking out once; what holds no tag stays as it is.
Tags may be in any case, nested, or left open: then all that follows is private.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

_TAG = re.compile(
    r"""<(?P<close>/)?private(?=[\s/>]|\Z)(?:\s+[\w:.-]+=(?:"[^"]*"|'[^']*'))*+[^>]*+(?:>|\Z)""", re.IGNORECASE
)
"""A tag, whatever stands in it; a `>` within a quoted value does not end it. It never looks back: time is linear."""
_OPEN = re.compile(r"<private[\s/>]", re.IGNORECASE)
_ROUNDS = 10
"""What is left on both sides of a private part may form another tag; after so many of them no more is believed."""
_Whole = TypeVar("_Whole")


def has_private(text: str) -> bool:
    """Whether anything in a text is marked private."""
    return any(not match["close"] for match in _TAG.finditer(text))


def without_private(text: str) -> tuple[str, int]:
    """The text without its private parts, and how many there were."""
    total = 0
    for _ in range(_ROUNDS):
        text, count = _once(text)
        if not count:
            return text, total
        total += count
    return _OPEN.split(text)[0], total + 1


def _once(text: str) -> tuple[str, int]:
    kept, depth, place, count = list[str](), 0, 0, 0
    for tag in _TAG.finditer(text):
        if tag["close"] and depth == 0:
            continue  # closes nothing: it is text like any other
        if depth == 0:
            kept.append(text[place : tag.start()])
            count += 1
        depth += -1 if tag["close"] else 0 if tag[0].endswith("/>") else 1
        place = tag.end()
    return "".join([*kept, "" if depth else text[place:]]), count


def value_without_private(value: _Whole) -> tuple[_Whole, int]:
    """The same for every text in a value of any depth, the keys of its mappings too."""
    found: list[int] = []

    def cleaned(part: object) -> object:
        if isinstance(part, str):
            text, count = without_private(part)
            found.append(count)
            return text
        if isinstance(part, Mapping):
            return {cleaned(key): cleaned(inner) for key, inner in part.items()}
        if isinstance(part, list | tuple):
            return type(part)([cleaned(inner) for inner in part])
        return part

    result = cleaned(value)
    return result, sum(found)  # type: ignore[return-value]
