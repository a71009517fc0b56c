"""Relative dates made absolute, seen from the day they were written: `yesterday` becomes `on 2026-11-20`.

Only where one reading is left: a wrong date destroys what was known, an untouched phrase costs nothing. A sentence that
was changed holds a date, and sentences with a date are left alone: a second run changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from memcli.core.consolidation import occasion
from memcli.core.consolidation.speech import COVER, sentences

_YEARS = range(1970, 2100)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_EXACT = 10
"""Days ago below this many are counted; above, and in weeks, months and years, people round."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"[Mm]onday|[Tt]uesday|[Ww]ednesday|[Tt]hursday|[Ff]riday|[Ss]aturday|[Ss]unday"
    r"|Mon|Tues?|Wed|Thu(?:rs?)?|Fri"  # `last Sat` and `last Sun` are tests and companies as well
)
_PHRASE = re.compile(
    r"(?<![^\s(*—])(?:"
    r"(?P<day>[Tt]he day before yesterday|[Yy]esterday|[Tt]he day after tomorrow|[Tt]omorrow)"
    rf"|[Ll]ast (?P<weekday>{_WEEKDAY})"
    r"|(?P<which>[Ll]ast|[Nn]ext) (?P<period>week|month|year)"
    rf"|(?P<about>(?:[Aa]bout|[Aa]round|[Rr]oughly|[Aa]pproximately) )?(?P<count>[Aa]n?|\d{{1,3}}|(?i:{'|'.join(_NUMBERS)})) (?P<unit>day|week|month|year)s? ago"
    r")(?P<part> (?:morning|afternoon|evening|night)\b)?(?=[\s,;!?)*—…]|\.(?!\w)|\Z)"
)
_ANY = re.compile(r"(?i)yesterday|tomorrow|\b(?:last|next) [a-z]|s? ago\b")
_ALSO = re.compile(
    r"(?i)\b(?:today|tonight|now|this (?:week|month|year|morning)|(?:last|past|next) (?:\d+|few|two|three) \w+)\b"
)
_JOINT = re.compile(r"\W*(?:,|/|and|or|to|vs\.?|versus|through)?\W*")
_GOVERNS = re.compile(
    r"since|until|till|by|before|after|from|of|on|in|during|for|around|about|circa|to|through|throughout"
)
_SPOILS = re.compile(r"the|no|as|like|than|within|or|past|another|-.*|.*=.*")
_SPOILS_PERIOD = re.compile(r"this|that|these|those|an?|his|her|its|my|our|your|their|whose|very|any|all|at|over")
_SPOILS_COUNT = re.compile(
    r"to|over|under|nearly|almost|least|most|exactly|hundred|half|point|version|by|circa|(?:twen|thir|for|fif)ty|.*\d"
    r"|(?:six|seven|eigh|nine)ty"
)
_SUBJECT = re.compile(r" (?:is|was|will|has|had|marks|brings|brought|saw)\b")
_GOES_ON = re.compile(
    r"(?:[ \r\n]*\Z|[,;.!?)*—…]|\s+(?:i|we|they|he|she|it|you|the|a|an|there|our|my|his|their|its|and|but|so|because|"
    r"as|at|in|on|with|by|for|from|during|due|via|before|after|until|under|using|is|was|were|will|has|had)\b)",
    re.I,
)
_SPOILT_BEHIND = re.compile(
    r"\s+(?:but one\b|(?:after|to|over|by|on|and|or) (?:day|week|month|year)|today\b|tonight\b|and a half)|\s*:"
)


def absolute(body: str, written: datetime) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The body with relative dates made absolute as seen from `written`, and (was, is) of each replacement."""
    day = written.date()
    if day.year not in _YEARS or not _ANY.search(body):
        return body, ()
    kept: list[str] = []
    done: list[tuple[str, str]] = []
    at = 0
    for start, was, become in _replacements(body, day):
        kept += [body[at:start], become]
        done.append((was, become))
        at = start + len(was)
    return "".join((*kept, body[at:])), tuple(done)


def _replacements(body: str, day: date) -> Iterator[tuple[int, str, str]]:
    """The place of each phrase to replace, what it was and what it becomes."""
    frames = occasion.Frames(body, day)
    for sentence in sentences(body):
        phrases = list(_PHRASE.finditer(sentence.text))
        if not phrases or frames.foreign(sentence.start + phrases[0].start()):
            continue
        if not occasion.is_occasion(_without(sentence.text, phrases)) or _enumerates(sentence.text, phrases):
            continue
        for phrase in _meant(sentence.text, phrases):
            become = _written(sentence.text, phrase, day)
            if become:
                yield sentence.start + phrase.start(), phrase[0], become


def _without(text: str, phrases: list[re.Match[str]]) -> str:
    """The sentence with the phrases covered: `last Tuesday` is no other date."""
    for phrase in phrases[:3]:
        text = text[: phrase.start()] + COVER * len(phrase[0]) + text[phrase.end() :]
    return text


def _enumerates(text: str, phrases: list[re.Match[str]]) -> bool:
    """Whether the sentence sets times side by side: what a filter offers, what a format knows."""
    spans = sorted(match.span() for match in (*phrases, *_ALSO.finditer(text)))
    gaps = (text[end:start][:12] for (_, end), (start, _) in pairwise(spans))
    return len(spans) > 2 or any(_JOINT.fullmatch(gap) for gap in gaps)


def _meant(text: str, phrases: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The phrases that stand alone, in a sentence that tells what happened or is to come."""
    first, tells, relays = occasion.begins(text), occasion.tells(text), occasion.relays(text)
    for phrase in phrases:
        before, ahead = _words_before(text, phrase.start()), _ahead(phrase)
        alone = phrase.start() == first and not text[phrase.end() :].strip(" .!?*)\r\n")
        if alone or (phrase[0][0].isupper() and phrase.start() != first) or _spoilt(text, phrase, before):
            continue
        set_for = not relays and (before[-1:] != ["for"] or occasion.plans(text))
        happened = (tells or before[-1:] in (["since"], ["until"])) and not (relays and len(phrases) > 1)
        if set_for if ahead else happened:
            yield phrase


def _ahead(phrase: re.Match[str]) -> bool:
    return "tomorrow" in (phrase["day"] or "").lower() or (phrase["which"] or "").lower() == "next"


def _words_before(text: str, place: int) -> list[str]:
    """The words right before a place, in small letters, parted by nothing but blanks; an option keeps its mark."""
    match = re.search(r"(?:[\w'’=*-]+[ \r\n]+){0,3}\Z", text[max(0, place - 60) : place])
    return [word.strip("*") for word in match[0].lower().split()] if match else []


def _spoilt(text: str, phrase: re.Match[str], before: list[str]) -> bool:
    """Whether the words around a phrase make something else of it: `the last month of`, `two or three days ago`."""
    last = before[-1] if before else ""
    behind = text[phrase.end() : phrase.end() + 40]
    if _SPOILS.fullmatch(last) or _SPOILT_BEHIND.match(behind):
        return True
    if phrase["weekday"]:
        return bool(_SPOILS_PERIOD.fullmatch(last) or re.match(r"\s+(?:of|in|before|after)\b", behind))
    if phrase["period"]:
        return bool(_SPOILS_PERIOD.fullmatch(last)) or not _GOES_ON.match(behind)
    return bool(phrase["count"] and _SPOILS_COUNT.fullmatch(last))


def _written(text: str, phrase: re.Match[str], day: date) -> str:
    """What a phrase becomes, with the preposition that it needs there; '' where its date is not certain."""
    found = _time(phrase, day)
    if found is None:
        return ""
    preposition, when = found
    if phrase["part"]:
        when = f"the{phrase['part']} of {when}"
    last = (_words_before(text, phrase.start()) or [""])[-1]
    opens = phrase.start() == occasion.begins(text) or last in ("because", "but", "and")
    bare = bool(_GOVERNS.fullmatch(last)) or (opens and _SUBJECT.match(text, phrase.end()))
    if phrase["about"] or preposition == "around":
        preposition, bare = "around", False
    said = when if bare else f"{preposition} {when}"
    return said[0].upper() + said[1:] if phrase[0][0].isupper() else said


def _time(phrase: re.Match[str], day: date) -> tuple[str, str] | None:
    """The preposition and the date of a phrase; None where it is not certain."""
    if phrase["day"]:
        ahead = 1 if _ahead(phrase) else -1
        return "on", str(day + timedelta(days=ahead * (2 if " " in phrase["day"] else 1)))
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
