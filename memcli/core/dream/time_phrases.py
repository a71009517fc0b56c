"""Phrases for a time relative to the day they were written, and the date each means; None where usage varies.

Weeks begin on Monday. Spans that people round (weeks, months, years and many days ago) give `around` a date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

YEARS = range(1970, 2099)
"""Years from which phrases are resolved: every resulting year has four digits and begins with 19 or 20."""
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ROUNDED_FROM = 10
"""Numbers of days from which people round; weeks, months and years are always rounded."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"[Mm]onday|[Tt]uesday|[Ww]ednesday|[Tt]hursday|[Ff]riday|[Ss]aturday|[Ss]unday"
    r"|Mon|Tues?|Wed|Thu(?:rs?)?|Fri"  # not `last Sat` or `last Sun`: those may be tests or companies
)
PHRASE = re.compile(
    r"(?<![^\s(*—])(?:"
    r"(?P<day>[Tt]he day before yesterday|[Yy]esterday|[Tt]he day after tomorrow|[Tt]omorrow)"
    rf"|[Ll]ast (?P<weekday>{_WEEKDAY})"
    r"|(?P<which>[Ll]ast|[Nn]ext) (?P<period>week|month|year)"
    r"|(?P<about>(?:[Aa]bout|[Aa]round|[Rr]oughly|[Aa]pproximately) )?"
    rf"(?P<count>[Aa]n?|\d{{1,3}}|(?i:{'|'.join(_NUMBERS)})) (?P<unit>day|week|month|year)s? ago"
    r")(?P<part> (?:morning|afternoon|evening|night)\b)?(?=[\s,;!?)*—…]|\.(?!\w)|\Z)"
)


def is_future(phrase: re.Match[str]) -> bool:
    """Whether a phrase means a time in the future."""
    return "tomorrow" in (phrase["day"] or "").lower() or (phrase["which"] or "").lower() == "next"


def time_of_phrase(phrase: re.Match[str], day: date) -> tuple[str, str] | None:
    """The preposition and the date of a phrase; None where it is not certain."""
    if phrase["day"]:
        days = 2 if " " in phrase["day"] else 1
        return "on", str(day + timedelta(days=days if is_future(phrase) else -days))
    if phrase["weekday"]:
        return _weekday(_WEEKDAYS.index(phrase["weekday"][:3].lower()), day)
    if phrase["part"]:
        return None
    if phrase["period"]:
        return _period(phrase["period"], 1 if phrase["which"].lower() == "next" else -1, day)
    return _ago(phrase["count"].lower(), phrase["unit"], day)


def _weekday(wanted: int, day: date) -> tuple[str, str] | None:
    """The latest such weekday before a day; None where it was the day before, which people call `yesterday`."""
    days_ago = (day.weekday() - wanted) % 7 or 7
    return ("on", str(day - timedelta(days=days_ago))) if days_ago > 1 else None


def _period(period: str, step: int, day: date) -> tuple[str, str] | None:
    """The week, month or year before or after that of a day; None for a week on a Sunday, where usage varies."""
    if period == "week":
        monday = day - timedelta(days=day.weekday() - 7 * step)
        return ("in", f"the week of {monday}") if day.weekday() < 6 else None
    return "in", _month(day, step) if period == "month" else str(day.year + step)


def _ago(count: str, unit: str, day: date) -> tuple[str, str] | None:
    number = int(count) if count.isdigit() else 1 if count in ("a", "an") else _NUMBERS.index(count) + 1
    if number == 0 or (unit in ("month", "year") and number > 60):
        return None
    if unit in ("day", "week"):
        exact = unit == "day" and number < _ROUNDED_FROM
        return "on" if exact else "around", str(day - timedelta(days=number * (1 if unit == "day" else 7)))
    return "around", _month(day, -number) if unit == "month" else str(day.year - number)


def _month(day: date, step: int) -> str:
    """The month that is `step` months away, as `2026-10`."""
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    return f"{year:04}-{month + 1:02}"
