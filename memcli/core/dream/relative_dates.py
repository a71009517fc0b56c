"""Making relative dates absolute from the day they were written: `yesterday` becomes `on 2026-11-20`.

A phrase is replaced only where it has one possible meaning: a wrong date destroys knowledge, an unchanged phrase costs
nothing. A changed sentence has a date, and sentences with a date are left alone, so a second run changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

from memcli.core.dream import single_events
from memcli.core.dream.plain_sentences import COVER, plain_sentences
from memcli.core.dream.time_phrases import PHRASE, YEARS, is_future, time_of_phrase

_MAY_MATCH = re.compile(r"(?i)yesterday|tomorrow|\b(?:last|next) [a-z]|s? ago\b")
_OTHER_TIMES = re.compile(
    r"(?i)\b(?:today|tonight|now|this (?:week|month|year|morning)|(?:last|past|next) (?:\d+|few|two|three) \w+)\b"
)
_CONJUNCTION = re.compile(r"\W*(?:,|/|and|or|to|with|against|vs\.?|versus|through)?\W*")
_NO_PREPOSITION_AFTER = re.compile(
    r"since|until|till|by|before|after|from|of|on|in|during|for|around|about|circa|to|through|throughout"
    r"|make|remember|remembering|spend|spent"
)
_NOT_BEFORE = re.compile(r"the|no|as|like|than|within|or|past|another|-.*|.*=.*")
_NOT_BEFORE_PERIOD = re.compile(r"this|that|these|those|an?|his|her|its|my|our|your|their|whose|very|any|all|at|over")
_NOT_BEFORE_COUNT = re.compile(
    r"to|over|under|nearly|almost|least|most|exactly|hundred|half|point|version|by|circa|(?:twen|thir|for|fif)ty|.*\d"
    r"|(?:six|seven|eigh|nine)ty"
)
_LONGER_TIME_BEFORE = re.compile(r"\b(?:day|week|month|year)s?,?(?: and)? \Z")
_VERB_AFTER = re.compile(r" (?:is|was|will|has|had|marks|brings|brought|saw)\b")
_PHRASE_ENDS = re.compile(
    r"(?:[ \r\n]*\Z|[,;.!?)*—…]|\s+[-–—(]|\s+(?:i|we|they|he|she|it|you|the|a|an|there|our|my|his|their|its|and|but|so|"
    r"because|as|at|in|on|with|by|for|from|during|due|via|before|after|until|under|using|is|was|were|will|has|had)\b)",
    re.I,
)
_NARRATION_AFTER = re.compile(
    r"\s+(?:again|too|also|already|to|into|onto|over|without|when|where|which|while|that|this|not|only|instead|against|"
    r"through|after|is (?:how|why)|[A-Z][\w-]*|`|\W)"
)
_RULE_AFTER = re.compile(r"\s+(?:is|are|has|have|will|can|must|should|may)\b")
"""After a participle and a phrase, a verb makes the sentence a rule: `rows changed yesterday are kept`."""
_NOT_AFTER = re.compile(
    r"\s+(?:but one\b|(?:after|to|over|by|on|and|or) (?:day|week|month|year)|today\b|tonight\b|and a half)|\s*:"
)


def with_absolute_dates(body: str, written: datetime) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The body with relative dates made absolute as seen from `written`, and (old, new) of each replacement."""
    day = written.date()
    if day.year not in YEARS or not _MAY_MATCH.search(body):
        return body, ()
    pieces: list[str] = []
    replaced: list[tuple[str, str]] = []
    at = 0
    for start, old, new in _replacements(body, day):
        pieces += [body[at:start], new]
        replaced.append((old, new))
        at = start + len(old)
    return "".join((*pieces, body[at:])), tuple(replaced)


def _replacements(body: str, day: date) -> Iterator[tuple[int, str, str]]:
    """(position, old, new) of each phrase to replace; all phrases of a sentence or none."""
    sections = single_events.DatedSections(body, day)
    for sentence in plain_sentences(body):
        phrases = list(PHRASE.finditer(sentence.text))
        if not phrases or sections.is_other_day(sentence.start + phrases[0].start()):
            continue
        if not single_events.is_single_event(_cover(sentence.text, phrases)) or _enumerates(sentence.text, phrases):
            continue
        if not all(_is_certain(sentence.text, phrase, len(phrases)) for phrase in phrases):
            continue
        for phrase in phrases:
            if new := _absolute(sentence.text, phrase, day):
                yield sentence.start + phrase.start(), phrase[0], new


def _cover(text: str, phrases: list[re.Match[str]]) -> str:
    """The sentence with the phrases covered, so that `last Tuesday` does not count as another date."""
    for phrase in phrases[:3]:
        text = text[: phrase.start()] + COVER * len(phrase[0]) + text[phrase.end() :]
    return text


def _enumerates(text: str, phrases: list[re.Match[str]]) -> bool:
    """Whether the sentence lists times side by side, like the options of a filter or the inputs of a parser."""
    spans = sorted(match.span() for match in (*phrases, *_OTHER_TIMES.finditer(text)))
    gaps = (text[end:start][:12] for (_, end), (start, _) in pairwise(spans))
    return len(spans) > 2 or any(_CONJUNCTION.fullmatch(gap) for gap in gaps)


def _is_certain(text: str, phrase: re.Match[str], count: int) -> bool:
    """Whether a phrase, one of `count` in its sentence, is used as a date of an event in the past or future."""
    first = single_events.first_word_position(text)
    before = _words_before(text, phrase.start())
    alone = phrase.start() == first and not text[phrase.end() :].strip(" .!?*)\r\n")
    if alone or (phrase[0][0].isupper() and phrase.start() != first) or _means_something_else(text, phrase, before):
        return False
    reports_speech = single_events.reports_speech(text)
    if is_future(phrase):
        return not reports_speech and (before[-1:] != ["for"] or single_events.tells_plan(text))
    lasting = before[-1:] == ["since"] or before[-2:] == ["as", "of"]
    past = lasting or single_events.tells_past(text)
    return past and before[-1:] != ["to"] and not (reports_speech and count > 1)


def _words_before(text: str, position: int) -> list[str]:
    """Up to three words directly before a position, in lower case; an option keeps its leading hyphens."""
    match = re.search(r"(?:[*-]{0,3}\w[\w'’=*-]*[ \r\n]+){0,3}\Z", text[max(0, position - 60) : position])
    return [word.strip("*") for word in match[0].lower().split()] if match else []


def _means_something_else(text: str, phrase: re.Match[str], before: list[str]) -> bool:
    """Whether the words around a phrase change its meaning: `the last month of`, `two or three days ago`."""
    last = before[-1] if before else ""
    after = text[phrase.end() : phrase.end() + 40]
    if _NOT_BEFORE.fullmatch(last) or _NOT_AFTER.match(after):
        return True
    narrates = _PHRASE_ENDS.match(after) or _NARRATION_AFTER.match(after)
    if single_events.tells_past(last) and (_RULE_AFTER.match(after) or not narrates):
        return True
    if phrase["weekday"]:
        return bool(_NOT_BEFORE_PERIOD.fullmatch(last) or re.match(r"\s+(?:of|in|before|after)\b", after))
    if phrase["period"]:
        return bool(_NOT_BEFORE_PERIOD.fullmatch(last)) or not _PHRASE_ENDS.match(after)
    if phrase["count"]:
        longer = _LONGER_TIME_BEFORE.search(text[max(0, phrase.start() - 20) : phrase.start()])
        return bool(_NOT_BEFORE_COUNT.fullmatch(last) or longer)
    return False


def _absolute(text: str, phrase: re.Match[str], day: date) -> str:
    """The replacement of a phrase, with the preposition it needs there; '' where its date is not certain."""
    resolved = time_of_phrase(phrase, day)
    if resolved is None:
        return ""
    preposition, when = resolved
    if phrase["part"]:
        when = f"the{phrase['part']} of {when}"
    last = (_words_before(text, phrase.start()) or [""])[-1]
    opens_clause = last in ("", "because", "but", "and")
    bare = bool(_NO_PREPOSITION_AFTER.fullmatch(last)) or (opens_clause and _VERB_AFTER.match(text, phrase.end()))
    if phrase["about"] or preposition == "around":
        preposition, bare = "around", False
    replacement = when if bare else f"{preposition} {when}"
    return replacement[0].upper() + replacement[1:] if phrase[0][0].isupper() else replacement
