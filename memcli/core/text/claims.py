"""Claims: what a text can be held to, each written one way, and the sentences that make them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from memcli.core.text.analysis import STOP_WORDS, compounds, stems, whole

_DENYING = "not no never without cannot neither nor none nobody nothing nowhere hardly barely scarcely rarely seldom"
_NEGATIONS = frozenset(_DENYING.split())
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
    """What a text can be held to, each written one way: `1500`, `5s`; `2026-11-20`; names and code words without
    punctuation; `not call`; the stems that have an opposite."""

    numbers: frozenset[str]
    dates: frozenset[str]
    names: frozenset[str]
    negations: frozenset[str]
    opposites: frozenset[str]


def claims(text: str) -> Claims:
    """The claims of a text: numbers (with unit), dates, names and code words, negations, words with an opposite."""
    dates, rest = _dates(text)
    numbers, rest = _numbers(rest)
    polar = frozenset(_polar(rest)) & frozenset[str]().union(*opposites())
    return Claims(numbers, dates, _names(rest), frozenset(_negations(rest)), polar)


def _dates(text: str) -> tuple[frozenset[str], str]:
    """ISO dates and `20 Nov 2026`, `November 20, 2026`, `Nov 2026` as ISO, and the text without them."""
    month = "(?P<month>(?:" + "|".join(_MONTHS) + r")[a-z]*)\.?"
    nth = r"\d{1,2})(?:st|nd|rd|th)?"
    written = rf"\b(?:(?P<day>{nth} )?{month} (?:(?P<after>{nth},? )?(?P<year>\d{{4}})\b"
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        day = match["day"] or match["after"]
        number = _MONTHS.index(match["month"][:3].lower()) + 1
        found.add(f"{match['year']}-{number:02}" + (f"-{int(day):02}" if day else ""))
        return " "

    rest = _compiled("(?i)" + written).sub(take, text)
    iso = _compiled(r"\b\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?\b")
    return frozenset(found | set(iso.findall(rest))), iso.sub(" ", rest)


def _numbers(text: str) -> tuple[frozenset[str], str]:
    """Numbers as written but for thousands separators, with sign, comparison and a unit in its short form, and the text
    without them."""
    compared = r"(?:(?<![-=<>])(<=|>=|==|!=|[<>≤≥])[ ]?)?(-?)"
    counted = r"v?(\d+(?:[.,:]\d+)*)(?:[ -]?(%|[A-Za-z]+))?(?![A-Za-z0-9_])"
    pattern = _compiled(rf"(?<![A-Za-z0-9_.]){compared}{counted}")
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        number, unit, sign = match[3], (match[4] or "").lower(), (match[1] or "") + match[2]
        number = number.replace(",", "") if _compiled(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?").fullmatch(number) else number
        unit = _UNITS.get(unit.removesuffix("s"), unit)
        attached = bool(match[4]) and match[0].endswith(match[3] + match[4])
        known = unit in _UNITS.values() or (attached and len(unit) <= 3)
        found.add(sign + (number + unit if known else number))
        return " " if known or not match[4] else f" {match[4]}"

    rest = pattern.sub(take, text)
    found.update(_NUMBER_WORDS[word] for word in _compiled(r"[a-z]+").findall(text.lower()) if word in _NUMBER_WORDS)
    return frozenset(found), rest


def _names(text: str) -> frozenset[str]:
    """Code words, code spans, capitalised words within a sentence, and a capitalised subject at its start."""
    text = _compiled(r"\w+://\S+").sub(" ", text)
    spans = _compiled(r"(?<!`)`{1,2}([^`\s]{1,80})`{1,2}(?!`)").findall(text)
    inner = _compiled(r"(?<=[\w,;:)] )[A-Z][\w-]+").findall(text)
    verbs = "is|are|was|were|has|owns|runs|must|does|uses|can|will"
    subjects = _compiled(rf"(?:^|[.!?] )([A-Z]\w+) (?:{verbs})\b").findall(text)
    found = [*compounds(text), *spans, *inner, *subjects]
    return frozenset(name for name in map(whole, found) if name and name not in STOP_WORDS)


def _negations(text: str) -> Iterable[str]:
    """`not <stem>` for each negation and the first telling word behind it."""
    words = _compiled(r"[^\W_]+").findall(_compiled(r"(?i)n['’]t\b").sub(" not", text.lower()))
    for place, word in enumerate(words):
        if word in _NEGATIONS:
            denied = next((then for then in words[place + 1 :] if then not in STOP_WORDS and then != "longer"), "")
            yield from (f"not {stem}" for stem in stems(denied))


def _polar(text: str) -> Iterable[str]:
    """The stems of every word, stop words too: `on` and `off`, `before` and `after` are among them."""
    for word in _compiled(r"[a-z]+").findall(text.lower()):
        yield from stems(word)


def sentences(text: str) -> list[str]:
    """The sentences of a text: lines, split after `.`, `!`, `?`, `;` and a blank; list and heading marks dropped."""
    parts = _compiled(r"\n+|(?<=[.!?;])\s+|(?<=[。！？；])").split(text)
    return [stripped for part in parts if (stripped := part.strip(" \t#>*-"))]


@functools.cache
def opposites() -> tuple[frozenset[str], ...]:
    """Pairs of stems that deny each other."""
    return tuple(frozenset(pair.split("/")) for pair in _OPPOSITES.split())


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
