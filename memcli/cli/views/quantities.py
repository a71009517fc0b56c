"""Counts and ages as people read them."""

from __future__ import annotations

from datetime import datetime


def quantity(number: int, singular: str, plural: str = "") -> str:
    """`1 memory`, `1,200 memories`; the plural is the singular with an `s` unless given."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def time_ago(instant: datetime, now: datetime) -> str:
    """How long ago an instant was, in the largest whole unit."""
    seconds = max(0, int((now - instant).total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return "just now"
