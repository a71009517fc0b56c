"""The phrases that name a time from the day they were said, and the time each means; None where speakers differ.

Weeks begin on Monday. What people round in speech (weeks, months, years and many days ago) is `around` its date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

YEARS = range(1970, 2099)
"""Of days that phrases are seen from: whatever they mean has a year of four digits that begins with 19 or 20."""
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_EXACT = 10
"""Days ago below this many are counted; above, and in weeks, months and years, people round."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"[Mm]onday|[Tt]uesday|[Ww]ednesday|[Tt]hursday|[Ff]riday|[Ss]aturday|[Ss]unday"
    r"|Mon|Tues?|Wed|Thu(?:rs?)?|Fri"  # `last Sat` and `last Sun` are tests and companies as well
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


def ahead(phrase: re.Match[str]) -> bool:
    """Whether a phrase means a time to come."""
    return "tomorrow" in (phrase["day"] or "").lower() or (phrase["which"] or "").lower() == "next"


def time(phrase: re.Match[str], day: date) -> tuple[str, str] | None:
    """The preposition and the date of a phrase; None where it is not certain."""
    if phrase["day"]:
        days = 2 if " " in phrase["day"] else 1
        return "on", str(day + timedelta(days=days if ahead(phrase) else -days))
    if phrase["weekday"]:
        return _weekday(_WEEKDAYS.index(phrase["weekday"][:3].lower()), day)
    if phrase["part"]:
        return None
    if phrase["period"]:
        return _period(phrase["period"], 1 if phrase["which"].lower() == "next" else -1, day)
    return _ago(phrase["count"].lower(), phrase["unit"], day)


def _weekday(wanted: int, day: date) -> tuple[str, str] | None:
    """The latest such weekday before a day; where that is the day before, one would have said `yesterday`."""
    back = (day.weekday() - wanted) % 7 or 7
    return ("on", str(day - timedelta(days=back))) if back > 1 else None


def _period(period: str, step: int, day: date) -> tuple[str, str] | None:
    """The week, month or year beside a day's; on a Sunday it depends on the speaker which week is meant."""
    if period == "week":
        monday = day - timedelta(days=day.weekday() - 7 * step)
        return ("in", f"the week of {monday}") if day.weekday() < 6 else None
    return "in", _month(day, step) if period == "month" else str(day.year + step)


def _ago(count: str, unit: str, day: date) -> tuple[str, str] | None:
    number = int(count) if count.isdigit() else 1 if count in ("a", "an") else _NUMBERS.index(count) + 1
    if number == 0 or (unit in ("month", "year") and number > 60):
        return None
    if unit in ("day", "week"):
        near = unit == "day" and number < _EXACT
        return "on" if near else "around", str(day - timedelta(days=number * (1 if unit == "day" else 7)))
    return "around", _month(day, -number) if unit == "month" else str(day.year - number)


def _month(day: date, step: int) -> str:
    """The month so many months away, as `2026-10`."""
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    return f"{year:04}-{month + 1:02}"
