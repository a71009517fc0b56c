"""The instants that people name with `--since`: dates, ages and a few words, in the user's time zone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from memcli.core.memory.instants import parse_instant
from memcli.errors import Usage

FORMS = "a date (2026-05-01), a time (2026-05-01T09:30), an age (36h, 7d, 2w, '3 months') or 'yesterday'"
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?))?")
_AGE = re.compile(r"(\d{1,6})([a-z]+?)s?(?:ago)?|last(week|month|year)")
_UNITS = {
    "min": 1, "minute": 1, "h": 60, "hour": 60, "d": 1_440, "day": 1_440, "w": 10_080, "week": 10_080,
    "mo": 43_200, "month": 43_200, "y": 525_600, "year": 525_600,
}  # fmt: skip
"""Minutes; a month is 30 days, a year 365."""
_DAYS_AGO = {"today": 0, "yesterday": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_since(text: str, now: datetime, option: str = "--since") -> datetime:
    """The instant that a date, an age or a word means at `now`; a bare date begins at midnight. Raises Usage."""
    words = re.sub(r"[\s._]+", "", text.strip().lower())
    try:
        instant = _dated(text.strip()) or _aged(words, now) or _on_a_day(words, now)
    except (ValueError, OverflowError) as error:
        raise Usage(f"{option}: {text[:60]!r} is not a valid date or age", f"give {FORMS}") from error
    if instant is None:
        raise Usage(f"{option}: {text[:60]!r} is neither a date nor an age", f"give {FORMS}")
    return instant


def _dated(text: str) -> datetime | None:
    """A date or a time; without an offset it is in the user's time zone. Raises ValueError."""
    local = _TIME.fullmatch(text)
    if local:
        return datetime.fromisoformat(f"{local[1]} {local[2] or '00:00'}").astimezone()
    return parse_instant(text) if re.match(r"\d{4}-\d", text) else None


def _aged(words: str, now: datetime) -> datetime | None:
    """So long before now: `7d`, `2weeksago`, `lastmonth`."""
    match = _AGE.fullmatch(words)
    if match is None:
        return None
    minutes = _UNITS.get(match[3] or match[2])
    return now - timedelta(minutes=int(match[1] or 1) * minutes) if minutes else None


def _on_a_day(words: str, now: datetime) -> datetime | None:
    """`today`, `yesterday`, or the last day of a name before today, from its midnight on."""
    name, today = words.removeprefix("last"), now.astimezone()
    back = _DAYS_AGO.get(words)
    if name in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(name) - 1) % 7 + 1
    if back is None:
        return None
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=back)
    return midnight.astimezone()
