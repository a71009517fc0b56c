"""Times as the store writes them: UTC, RFC 3339, whole seconds; a bare date means 00:00 UTC.

Invariant: written times sort as text in the order of time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?")


def parse_instant(text: str) -> datetime:
    """A date or an RFC 3339 time as an aware UTC datetime of whole seconds. Raises ValueError."""
    if not is_instant(text):
        raise ValueError(f"not a date (2026-11-20) or RFC 3339 time (2026-11-20T09:30:00Z): {text[:40]!r}")
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError(f"not a valid date: {text[:40]!r}") from error
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError(f"outside the years 1 to 9999 in UTC: {text[:40]!r}") from error


def is_instant(text: str) -> bool:
    """Whether a text looks like a date or an RFC 3339 time; the day need not exist."""
    return text.isascii() and _INSTANT.fullmatch(text) is not None


def parse_end(text: str) -> datetime:
    """The instant that a query asks about: as `parse_instant`, but a bare date is the last second of that UTC day."""
    moment = parse_instant(text)
    return moment + timedelta(days=1, seconds=-1) if _DATE.fullmatch(text) else moment


def without_day(text: str, moment: datetime) -> str:
    """A query without the day it asks about, however often it names it: the search is limited to that day already, and
    texts contain the day, or its digits, for other reasons."""
    day = format_instant(moment)[:10]
    return re.sub(rf"(?<![\w-]){day}(?:[Tt ][\d:.]+(?:[Zz]|[+-]\d\d:\d\d)?)?(?![\w-])", " ", text)


def format_instant(moment: datetime) -> str:
    """`2026-11-20T09:30:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
