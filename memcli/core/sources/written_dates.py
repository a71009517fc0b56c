"""Dates in the many forms in which people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from memcli.core.memory.instants import parse_instant

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)([Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?")


def written_date(text: str, day_first: bool = False) -> datetime | None:
    """The first date in a line; None where there is none, or day and month could be swapped (03/04/2020) and nothing
    tells that the day comes first."""
    if iso := _ISO.search(text):
        return _instant(iso[0]) if iso[4] else _day(iso[1], iso[2], iso[3])
    if compact := re.search(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)", text):
        return _day(*compact.groups())
    if named := re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4})\b", text):
        return _day(named[3], _month(named[2]), named[1])
    if named := re.search(r"\b([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b", text):
        return _day(named[3], _month(named[1]), named[2])
    if year_last := re.search(r"\b(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\b", text):
        certain = day_first or year_last[2] != "/"
        return _year_last(year_last[1], year_last[3], year_last[4], certain)
    return None


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether the dates in texts of one author prove that the day comes before the month, as 26/03/2018 does."""
    dates = [date for text in texts for date in re.findall(r"\b(\d{1,2})/(\d{1,2})/\d{4}\b", text)]
    return any(int(first) > 12 for first, _ in dates) and all(int(second) <= 12 for _, second in dates)


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None


def _month(name: str) -> str:
    return str(MONTHS.index(name.lower()) + 1) if name.lower() in MONTHS else "0"


def _year_last(first: str, second: str, year: str, is_certain: bool) -> datetime | None:
    """`20-08-2020` or `08/20/2020`; where the order is not certain, only if one number is above 12."""
    if int(second) > 12:
        return _day(year, first, second)
    ambiguous = not is_certain and int(first) <= 12 and first != second
    return None if ambiguous else _day(year, second, first)


def _day(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC) if 1980 <= int(year) <= 2200 else None
    except ValueError:
        return None
