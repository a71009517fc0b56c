"""The checkable claims of a text (numbers, dates, names, negations) in normal form, and its sentences."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from memcli.core.text.analysis import STOP_WORDS, compound_term, compounds, stems

_NEGATING = "not no never without cannot neither nor none nobody nothing nowhere hardly barely scarcely rarely seldom"
_NEGATIONS = frozenset(_NEGATING.split())
_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_COUNTS, 2)}
_UNITS = {"sec": "s", "second": "s", "minute": "min", "hour": "h", "day": "d", "percent": "%", "millisecond": "ms"}
_OPPOSITES = """
enabl/disabl allow/forbid allow/deni on/off true/false yes/no alway/never requir/option befor/after up/down min/max
minimum/maximum increas/decreas sync/async synchron/asynchron accept/reject includ/exclud open/close public/privat
safe/unsaf support/unsupport must/may add/remov start/stop prefer/avoid stabl/unstabl
"""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Claims:
    """Claims in normal form: numbers as `1500` or `5s`, dates as `2026-11-20`, names and code words without
    punctuation, negations as `not call`, and the stems that have an opposite."""

    numbers: frozenset[str]
    dates: frozenset[str]
    names: frozenset[str]
    negations: frozenset[str]
    opposites: frozenset[str]


def claims_in(text: str) -> Claims:
    """The claims of a text: numbers (with unit), dates, names and code words, negations, words with an opposite."""
    dates, rest = _dates(text)
    numbers, rest = _numbers(rest)
    with_opposite = frozenset(_all_stems(rest)) & frozenset[str]().union(*opposites())
    return Claims(numbers, dates, _names(rest), frozenset(_negations(rest)), with_opposite)


def _dates(text: str) -> tuple[frozenset[str], str]:
    """ISO dates, and `20 Nov 2026`, `November 20, 2026` and `Nov 2026` as ISO; then the text without them."""
    month = "(?P<month>(?:" + "|".join(_MONTHS) + r")[a-z]*)\.?"
    nth = r"\d{1,2})(?:st|nd|rd|th)?"
    written = rf"\b(?:(?P<day>{nth} )?{month} (?:(?P<after>{nth},? )?(?P<year>\d{{4}})\b"
    dates: set[str] = set()

    def take(match: re.Match[str]) -> str:
        day = match["day"] or match["after"]
        number = _MONTHS.index(match["month"][:3].lower()) + 1
        dates.add(f"{match['year']}-{number:02}" + (f"-{int(day):02}" if day else ""))
        return " "

    rest = _compiled("(?i)" + written).sub(take, text)
    iso = _compiled(r"\b\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?\b")
    return frozenset(dates | set(iso.findall(rest))), iso.sub(" ", rest)


def _numbers(text: str) -> tuple[frozenset[str], str]:
    """Numbers with sign, comparison and abbreviated unit but no thousands separators; then the text without them."""
    compared = r"(?:(?<![-=<>])(<=|>=|==|!=|[<>≤≥])[ ]?)?(-?)"
    counted = r"v?(\d+(?:[.,:]\d+)*)(?:[ -]?(%|[A-Za-z]+))?(?![A-Za-z0-9_])"
    pattern = _compiled(rf"(?<![A-Za-z0-9_.]){compared}{counted}")
    numbers: set[str] = set()

    def take(match: re.Match[str]) -> str:
        number, unit, sign = match[3], (match[4] or "").lower(), (match[1] or "") + match[2]
        number = number.replace(",", "") if _compiled(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?").fullmatch(number) else number
        unit = _UNITS.get(unit.removesuffix("s"), unit)
        attached = bool(match[4]) and match[0].endswith(match[3] + match[4])
        known = unit in _UNITS.values() or (attached and len(unit) <= 3)
        numbers.add(sign + (number + unit if known else number))
        return " " if known or not match[4] else f" {match[4]}"

    rest = pattern.sub(take, text)
    numbers.update(_NUMBER_WORDS[word] for word in _compiled(r"[a-z]+").findall(text.lower()) if word in _NUMBER_WORDS)
    return frozenset(numbers), rest


def _names(text: str) -> frozenset[str]:
    """Code words, code spans, capitalised words inside a sentence, and a capitalised subject at its start."""
    text = _compiled(r"\w+://\S+").sub(" ", text)
    spans = _compiled(r"(?<!`)`{1,2}([^`\s]{1,80})`{1,2}(?!`)").findall(text)
    inner = _compiled(r"(?<=[\w,;:)] )[A-Z][\w-]+").findall(text)
    verbs = "is|are|was|were|has|owns|runs|must|does|uses|can|will"
    subjects = _compiled(rf"(?:^|[.!?] )([A-Z]\w+) (?:{verbs})\b").findall(text)
    names = map(compound_term, [*compounds(text), *spans, *inner, *subjects])
    return frozenset(name for name in names if name and name not in STOP_WORDS)


def _negations(text: str) -> Iterable[str]:
    """`not <stem>` for each negation and the first word after it that is not a stop word."""
    words = _compiled(r"[^\W_]+").findall(_compiled(r"(?i)n['’]t\b").sub(" not", text.lower()))
    for position, word in enumerate(words):
        if word in _NEGATIONS:
            following = (other for other in words[position + 1 :] if other not in STOP_WORDS and other != "longer")
            yield from (f"not {stem}" for stem in stems(next(following, "")))


def _all_stems(text: str) -> Iterable[str]:
    """The stems of every word, stop words included: `on` and `off`, `before` and `after` are stop words."""
    for word in _compiled(r"[a-z]+").findall(text.lower()):
        yield from stems(word)


def split_sentences(text: str) -> list[str]:
    """The sentences of a text: its lines, split after `.`, `!`, `?` or `;` and a space, without list and heading
    marks."""
    parts = _compiled(r"\n+|(?<=[.!?;])\s+|(?<=[。！？；])").split(text)
    return [stripped for part in parts if (stripped := part.strip(" \t#>*-"))]


@functools.cache
def opposites() -> tuple[frozenset[str], ...]:
    """Pairs of stems with opposite meanings."""
    return tuple(frozenset(pair.split("/")) for pair in _OPPOSITES.split())


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
