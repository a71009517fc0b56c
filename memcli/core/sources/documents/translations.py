"""Translations of documents: one language of a text is enough."""

from __future__ import annotations

import re
from collections.abc import Collection

_CODE = (
    r"(?:zh|ja|ko|fr|de|es|pt|ru|it|pl|tr|nl|uk|vi|id|ar|cn|cs|da|fi|sv|hu|ro|el|he|fa|th|hi|bn|bg|ca)"
    r"(?:[-_][A-Za-z]{2,4})?"
)
_IN_NAME = re.compile(rf"(.*?[\w)])[._-]{_CODE}(\.\w+)", re.IGNORECASE)
_IN_DIRECTORY = re.compile(rf"(.*?/|){_CODE}(/.*)", re.IGNORECASE)


def original_of(path: str, paths: Collection[str]) -> str:
    """The English or unmarked file of which a path is a translation, '' where there is none."""
    candidates: list[str] = []
    if name := _IN_NAME.fullmatch(path):
        candidates += [f"{name[1]}{mark}{name[2]}" for mark in ("", ".en-US", ".en", "-en", "_en", "_EN", ".EN")]
    if directory := _IN_DIRECTORY.fullmatch(path):
        candidates += [f"{directory[1]}{mark}{directory[2]}" for mark in ("en", "en-US", "en_US")]
        candidates.append(f"{directory[1]}{directory[2].removeprefix('/')}")
    return next((candidate for candidate in candidates if candidate in paths), "")
