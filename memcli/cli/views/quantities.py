"""Counts and times as people read them; machines get numbers, and RFC 3339 in UTC."""

from __future__ import annotations

from datetime import datetime

from memcli.core.memory.instants import parse_instant

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_WEEK = 7 * 86_400
"""Seconds from which on a date says more than a number of days."""


def quantity(number: int, singular: str, plural: str = "") -> str:
    """`1 memory`, `1,200 memories`; the plural is the singular with an `s` unless given."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def time_ago(instant: datetime | str, now: datetime) -> str:
    """An instant (or RFC 3339 text) in at most ten characters: `just now`, `5 min ago`, `2 h ago`, `in 3 d`; from a
    week on the local date. What is no instant stays as it is."""
    moment = _moment(instant)
    if moment is None:
        return str(instant)[:10]
    seconds = int((now - moment).total_seconds())
    if abs(seconds) >= _WEEK:
        return local_time(moment)[:10]
    for unit, size in _UNITS:
        if abs(seconds) >= size:
            return f"{seconds // size} {unit} ago" if seconds > 0 else f"in {-seconds // size} {unit}"
    return "just now"


def local_time(instant: datetime | str) -> str:
    """`2026-11-30 14:05` in the user's time zone. What is no instant stays as it is."""
    moment = _moment(instant)
    return moment.isoformat(" ", "minutes")[:16] if moment else str(instant)[:16]


def _moment(instant: datetime | str) -> datetime | None:
    """The instant in the user's time zone, or in UTC where the calendar ends; None where the text is none."""
    try:
        moment = parse_instant(instant) if isinstance(instant, str) else instant
    except ValueError:
        return None
    try:
        return moment.astimezone()
    except (OverflowError, ValueError):
        return moment
