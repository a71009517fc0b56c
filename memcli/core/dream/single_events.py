"""Whether a sentence tells of a single event, seen from the day it was written: only then `yesterday` is one date.

A cron job imports yesterday's rows every night; a filter offers `last month`; minutes under a dated heading mean that
date; and when somebody promised something for tomorrow, it was the day after the promise. These are no single events.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date

from memcli.core.dream.plain_sentences import COVER

_MONTHS = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b|January|February|March|April|June|July|August"
_MONTHS += r"|September|October|November|December|May \d|\d(?:st|nd|rd|th)? May"
_DAYS = r"[Mm]onday|[Tt]uesday|[Ww]ednesday|[Tt]hursday|[Ff]riday|[Ss]aturday|[Ss]unday"
_DAYS += r"|Mon|Tues?|Wed|Thu(?:rs?)?|Fri"
_DATE = re.compile(rf"\b(?:\d{{4}}-\d\d|(?:19|20)\d\d\b|{_MONTHS}|(?:{_DAYS})s?\b|\d{{1,2}}[./]\d{{1,2}}[./]\d)")
"""Another date in the sentence: the phrase may be relative to that one. It also makes a second run change nothing."""
_HABIT = re.compile(
    r"(?i)\b(?:always|never|every|each|whenever|when|if|unless|otherwise|usually|normally|typically|often|sometimes|"
    r"generally|automatically|regularly|daily|weekly|monthly|yearly|hourly|nightly|per|between|than|within|"
    r"e\.g|i\.e|for (?:example|instance)|such as|suppose|imagine|assum(?:e|es|ing)|"
    r"defaults?|as (?:if|though)|this time|windows?|ranges?|start(?:s|ing)? from|"
    r"cron|cronjob|dashboard|dropdown|picker|filters?|parse[srd]?|parsing|quer(?:y|ies)|placeholder|button|relative|"
    r"phrases?|words?|strings?|syntax|shows|prints|returns|displays|fetches|deletes|removes|imports|exports|compares|"
    r"computes|aggregates|loads|covers|includes|contains|lists|selects|accepts|understands|means|matches|merges|archives|"
    r"keeps|sends|copies|syncs|generates|collects|counts|sums|picks|processes|marks)\b"
    rf"|\b(?:like (?:it was |just |only )?|born ){COVER}"
    r"|\bthe [\w-]{1,30} [a-z]{1,20}[^s\W]s (?:the|an?|all|any|only|its|their|[a-z]{1,20}[^s\W]s)\b"
)
"""What programs and settings do every day: `the bot merges branches` has no date."""
_SPEECH = re.compile(
    r"(?i)\b(?:would|said|says?|saying|told|asked|announced|promised|mentioned|wrote|reported|claimed|noted|thought|"
    r"hoped|expected|warned)\b|\w['’]d\b"
)
_PAST = re.compile(
    r"(?i)(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bget )(?<!\bgets )\b(?:(?!hundred|embed|biased|naked)[a-z]{2,}[b-df-z]ed|"
    r"agreed|freed|(?:was|were|did|had)(?:n['’]t)?|been|done|gone|given|taken|broken|chosen|written|"
    r"came|went|broke|chose|fell|got|gave|made|met|saw|sent|took|wrote|"
    r"found|began|built|bought|brought|caught|drew|drove|felt|fought|forgot|froze|grew|held|kept|knew|led|left|"
    r"lost|paid|ran|rebuilt|rewrote|rose|said|sold|shook|shrank|shot|spent|split|spoke|stood|stopped|struck|swore|"
    r"taught|thought|threw|told|understood|undid|won|woke|redid|withdrew|overrode|sank|slept|became|heard|dealt)\b"
    r"|\b(?:i|we|they|he|she|it|you|who)\s+(?:cut|put|set|let|hit|read|shut|quit|reset|cast|bet)\b"
)
_PLANNED = re.compile(
    r"(?i)\b(?:planned|scheduled|set|due|booked|announced|slated|targeted|aim|is|are|was|were|will)\b"
)
_FULL_DATE = (
    rf"\d{{4}}-\d\d|(?:\d{{1,2}}\.? )?(?:{_MONTHS})[a-z]*\.? \d|\d{{1,2}} (?:{_MONTHS})|\d{{1,2}}[./]\d{{1,2}}[./]\d"
)
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_DATED_ENTRY = re.compile(
    r"[^\w\n]{0,20}(?:(?i:date|when|updated|created|posted|written|meeting|notes?|minutes|standup)\W{1,4})?"
    rf"(?:(?:{_WEEKDAY}\W{{1,4}})?(?:{_FULL_DATE})|{_WEEKDAY}\**:)"
)


class DatedSections:
    """The sections of a body that begin with a dated heading or entry: their phrases are relative to that date."""

    def __init__(self, body: str, written: date) -> None:
        self._starts: list[int] = []
        self._other_day: list[bool] = []
        position = 0
        for line in body.splitlines(keepends=True):
            if _starts_section(line[:300]):
                self._starts.append(position)
                self._other_day.append(written.isoformat() not in line[:300])
            position += len(line)

    def is_other_day(self, position: int) -> bool:
        """Whether the text at a position belongs to another day than the one the body was written on."""
        sections = bisect_right(self._starts, position)
        return sections > 0 and self._other_day[sections - 1]


def _starts_section(line: str) -> bool:
    if line.lstrip(" ").startswith("#"):
        return bool(_DATE.search(re.sub(r"(?i)\blast [a-z]+", "", line)))
    return bool(_DATED_ENTRY.match(line))


def is_single_event(sentence: str) -> bool:
    """Whether a sentence names no habit, example, program or other date."""
    return not _DATE.search(sentence) and not _HABIT.search(sentence)


def tells_past(sentence: str) -> bool:
    """Whether a sentence is in the past tense."""
    return _PAST.search(sentence) is not None


def reports_speech(sentence: str) -> bool:
    """Whether a sentence reports what somebody said or thought."""
    return _SPEECH.search(sentence) is not None


def tells_plan(sentence: str) -> bool:
    """Whether a sentence tells what is planned for a day."""
    return _PLANNED.search(sentence) is not None


def first_word_position(sentence: str) -> int:
    """The position of the first word of a sentence, after markup and list marks."""
    match = re.match(rf"[\s*#>+\-({COVER}]*(?:\d{{1,9}}[.)]\s+)?[*(]*", sentence)
    return match.end() if match else 0
