"""Shortening a list for a message: its first items and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 3


def first_few(items: Iterable[str], most: int = SHOWN, separator: str = ", ") -> str:
    """The first `most` items joined, followed by `and 4 more` where items remain; '' for no items."""
    listed = list(items)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return separator.join(listed[:most]) + more
