"""Relative dates made absolute, seen from the day they were written: `yesterday` becomes `on 2026-11-20`.

Only where one reading is left: a wrong date destroys what was known, an untouched phrase costs nothing. A sentence that
was changed holds a date, and sentences with a date are left alone: a second run changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

from memcli.core.dream import single_events as occasion
from memcli.core.dream.plain_sentences import COVER, sentences
from memcli.core.dream.time_phrases import PHRASE, YEARS, ahead, time

_ANY = re.compile(r"(?i)yesterday|tomorrow|\b(?:last|next) [a-z]|s? ago\b")
_ALSO = re.compile(
    r"(?i)\b(?:today|tonight|now|this (?:week|month|year|morning)|(?:last|past|next) (?:\d+|few|two|three) \w+)\b"
)
_JOINT = re.compile(r"\W*(?:,|/|and|or|to|with|against|vs\.?|versus|through)?\W*")
_GOVERNS = re.compile(
    r"since|until|till|by|before|after|from|of|on|in|during|for|around|about|circa|to|through|throughout"
    r"|make|remember|remembering|spend|spent"
)
_SPOILS = re.compile(r"the|no|as|like|than|within|or|past|another|-.*|.*=.*")
_SPOILS_PERIOD = re.compile(r"this|that|these|those|an?|his|her|its|my|our|your|their|whose|very|any|all|at|over")
_SPOILS_COUNT = re.compile(
    r"to|over|under|nearly|almost|least|most|exactly|hundred|half|point|version|by|circa|(?:twen|thir|for|fif)ty|.*\d"
    r"|(?:six|seven|eigh|nine)ty"
)
_LONGER = re.compile(r"\b(?:day|week|month|year)s?,?(?: and)? \Z")
_SUBJECT = re.compile(r" (?:is|was|will|has|had|marks|brings|brought|saw)\b")
_GOES_ON = re.compile(
    r"(?:[ \r\n]*\Z|[,;.!?)*—…]|\s+[-–—(]|\s+(?:i|we|they|he|she|it|you|the|a|an|there|our|my|his|their|its|and|but|so|"
    r"because|as|at|in|on|with|by|for|from|during|due|via|before|after|until|under|using|is|was|were|will|has|had)\b)",
    re.I,
)
_TOLD_ON = re.compile(
    r"\s+(?:again|too|also|already|to|into|onto|over|without|when|where|which|while|that|this|not|only|instead|against|"
    r"through|after|is (?:how|why)|[A-Z][\w-]*|`|\W)"
)
_RULED = re.compile(r"\s+(?:is|are|has|have|will|can|must|should|may)\b")
"""Behind a participle, this makes a rule: `rows changed yesterday are kept`; another verb does too."""
_SPOILT_BEHIND = re.compile(
    r"\s+(?:but one\b|(?:after|to|over|by|on|and|or) (?:day|week|month|year)|today\b|tonight\b|and a half)|\s*:"
)


def absolute(body: str, written: datetime) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The body with relative dates made absolute as seen from `written`, and (was, is) of each replacement."""
    day = written.date()
    if day.year not in YEARS or not _ANY.search(body):
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
    """The place of each phrase to replace, what it was and what it becomes; of a sentence all phrases or none."""
    frames = occasion.Frames(body, day)
    for sentence in sentences(body):
        phrases = list(PHRASE.finditer(sentence.text))
        if not phrases or frames.foreign(sentence.start + phrases[0].start()):
            continue
        if not occasion.is_occasion(_without(sentence.text, phrases)) or _enumerates(sentence.text, phrases):
            continue
        meant = list(_meant(sentence.text, phrases))
        for phrase in meant if len(meant) == len(phrases) else ():
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
        before = _words_before(text, phrase.start())
        alone = phrase.start() == first and not text[phrase.end() :].strip(" .!?*)\r\n")
        if alone or (phrase[0][0].isupper() and phrase.start() != first) or _spoilt(text, phrase, before):
            continue
        if ahead(phrase):
            meant = not relays and (before[-1:] != ["for"] or occasion.plans(text))
        else:
            lasting = before[-1:] == ["since"] or before[-2:] == ["as", "of"]
            meant = (tells or lasting) and before[-1:] != ["to"] and not (relays and len(phrases) > 1)
        if meant:
            yield phrase


def _words_before(text: str, place: int) -> list[str]:
    """The words right before a place, in small letters, parted by nothing but blanks; an option keeps its mark."""
    match = re.search(r"(?:[*-]{0,3}\w[\w'’=*-]*[ \r\n]+){0,3}\Z", text[max(0, place - 60) : place])
    return [word.strip("*") for word in match[0].lower().split()] if match else []


def _spoilt(text: str, phrase: re.Match[str], before: list[str]) -> bool:
    """Whether the words around a phrase make something else of it: `the last month of`, `two or three days ago`."""
    last = before[-1] if before else ""
    behind = text[phrase.end() : phrase.end() + 40]
    if _SPOILS.fullmatch(last) or _SPOILT_BEHIND.match(behind):
        return True
    if occasion.tells(last) and (_RULED.match(behind) or not (_GOES_ON.match(behind) or _TOLD_ON.match(behind))):
        return True
    if phrase["weekday"]:
        return bool(_SPOILS_PERIOD.fullmatch(last) or re.match(r"\s+(?:of|in|before|after)\b", behind))
    if phrase["period"]:
        return bool(_SPOILS_PERIOD.fullmatch(last)) or not _GOES_ON.match(behind)
    if phrase["count"]:
        return bool(_SPOILS_COUNT.fullmatch(last) or _LONGER.search(text[max(0, phrase.start() - 20) : phrase.start()]))
    return False


def _written(text: str, phrase: re.Match[str], day: date) -> str:
    """What a phrase becomes, with the preposition that it needs there; '' where its date is not certain."""
    found = time(phrase, day)
    if found is None:
        return ""
    preposition, when = found
    if phrase["part"]:
        when = f"the{phrase['part']} of {when}"
    last = (_words_before(text, phrase.start()) or [""])[-1]
    opens = last in ("", "because", "but", "and")
    bare = bool(_GOVERNS.fullmatch(last)) or (opens and _SUBJECT.match(text, phrase.end()))
    if phrase["about"] or preposition == "around":
        preposition, bare = "around", False
    said = when if bare else f"{preposition} {when}"
    return said[0].upper() + said[1:] if phrase[0][0].isupper() else said
