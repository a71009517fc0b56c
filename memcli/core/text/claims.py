"""The checkable claims of a text (numbers, dates, names, negations) in normal form, and its sentences."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from memcli.core.text.analysis import STOP_WORDS, UNSPACED, compound_term, compounds, stems
from memcli.core.text.negations import negations

_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_COUNTS, 2)}
_UNITS = {"sec": "s", "second": "s", "minute": "min", "hour": "h", "day": "d", "percent": "%", "millisecond": "ms"}
_OPPOSITES = """
enabl/disabl allow/forbid allow/deni on/off true/false yes/no alway/never requir/option befor/after up/down min/max
minimum/maximum increas/decreas sync/async synchron/asynchron accept/reject includ/exclud open/close public/privat
safe/unsaf support/unsupport must/may add/remov start/stop prefer/avoid stabl/unstabl
"""
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!="}
_TURNED = str.maketrans("<>", "><")
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
    return Claims(numbers, dates, _names(rest), frozenset(negations(rest)), with_opposite)


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
    """Code words, code spans, capitalised words inside a sentence, a capitalised subject at its start, and Latin words
    in a script without spaces."""
    text = _compiled(r"\w+://\S+").sub(" ", text)
    spans = _compiled(r"(?<!`)`{1,2}([^`\s]{1,80})`{1,2}(?!`)").findall(text)
    inner = _compiled(r"(?<=[\w,;:)] )[A-Z][\w-]+").findall(text)
    verbs = "is|are|was|were|has|owns|runs|must|does|uses|can|will"
    subjects = _compiled(rf"(?:^|[.!?] )([A-Z]\w+) (?:{verbs})\b").findall(text)
    latin = [] if text.isascii() else _compiled(rf"(?<=[{UNSPACED}])[A-Za-z][A-Za-z0-9-]*").findall(text)
    names = map(compound_term, [*compounds(text), *spans, *inner, *subjects, *latin])
    return frozenset(name for name in names if name and name not in STOP_WORDS)


def _all_stems(text: str) -> Iterable[str]:
    """The stems of every word, stop words included: `on` and `off`, `before` and `after` are stop words."""
    for word in _compiled(r"[a-z]+").findall(text.lower()):
        yield from stems(word)


def comparisons(text: str) -> frozenset[str]:
    """The comparisons of two terms as `a < b`, the terms in alphabetical order; those with a number are numbers."""
    pattern = _compiled(
        r"([\w.()\[\]]*[A-Za-z)\]])[ ]?(<=|>=|==|!=|(?<![-=])[<>]|[≤≥≠])[ ]?(?=([A-Za-z(_][\w.()\[\]]*))"
    )
    found = ((left, _SIGNS.get(sign, sign), right) for left, sign, right in pattern.findall(_without_tags(text)))
    found = ((left, sign, right.rstrip(".")) for left, sign, right in found)
    turned = ((a, s, b) if a <= b else (b, s.translate(_TURNED), a) for a, s, b in found)
    return frozenset(map(" ".join, turned))


def _without_tags(text: str) -> str:
    return _compiled(r"</?[a-z][^<>=]*>").sub(" ", text) if "</" in text else text


def task_state(sentence: str) -> str:
    """`done` or `open` for a task with a check box; else ''."""
    box = _compiled(r"(?:\d+[.)] )?\[([ xX])\]\s").match(sentence)
    return ("open" if box[1] == " " else "done") if box else ""


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
