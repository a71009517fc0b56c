"""Whether a sentence tells of one occasion, seen from the day it was written: only then has `yesterday` one meaning.

A cron job imports yesterday's rows every night, a filter offers `last month`, minutes under a heading with a date mean
that date, and what somebody said would come tomorrow came the day after it was said. None of these is an occasion.
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
_DATED = re.compile(rf"\b(?:\d{{4}}-\d\d|(?:19|20)\d\d\b|{_MONTHS}|(?:{_DAYS})s?\b|\d{{1,2}}[./]\d{{1,2}}[./]\d)")
"""Another date in the sentence: the phrase may be meant from there. It also keeps a second run from doing more."""
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
"""Programs and their settings do something every day; `the bot merges branches` is told of none."""
_SAYS = re.compile(
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
_DAY = rf"\d{{4}}-\d\d|(?:\d{{1,2}}\.? )?(?:{_MONTHS})[a-z]*\.? \d|\d{{1,2}} (?:{_MONTHS})|\d{{1,2}}[./]\d{{1,2}}[./]\d"
_NAMED = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_ENTRY = re.compile(
    r"[^\w\n]{0,20}(?:(?i:date|when|updated|created|posted|written|meeting|notes?|minutes|standup)\W{1,4})?"
    rf"(?:(?:{_NAMED}\W{{1,4}})?(?:{_DAY})|{_NAMED}\**:)"
)


class Frames:
    """Which day the lines of a body are told from: behind a heading or an entry with a date it is that date."""

    def __init__(self, body: str, written: date) -> None:
        self._places: list[int] = []
        self._foreign: list[bool] = []
        place = 0
        for line in body.splitlines(keepends=True):
            if _dated(line[:300]):
                self._places.append(place)
                self._foreign.append(written.isoformat() not in line[:300])
            place += len(line)

    def foreign(self, place: int) -> bool:
        """Whether another day than the one the body was written on is meant at a place."""
        before = bisect_right(self._places, place)
        return before > 0 and self._foreign[before - 1]


def _dated(line: str) -> bool:
    if line.lstrip(" ").startswith("#"):
        return bool(_DATED.search(re.sub(r"(?i)\blast [a-z]+", "", line)))
    return bool(_ENTRY.match(line))


def is_occasion(sentence: str) -> bool:
    """Whether nothing in a sentence speaks of habits, examples, programs or other dates."""
    return not _DATED.search(sentence) and not _HABIT.search(sentence)


def tells(sentence: str) -> bool:
    """Whether a sentence tells what has happened."""
    return _PAST.search(sentence) is not None


def relays(sentence: str) -> bool:
    """Whether a sentence tells what somebody said."""
    return _SAYS.search(sentence) is not None


def plans(sentence: str) -> bool:
    """Whether a sentence tells what is set for a day."""
    return _PLANNED.search(sentence) is not None


def begins(sentence: str) -> int:
    """The place of the first word of a sentence, behind markup and list marks."""
    match = re.match(rf"[\s*#>+\-({COVER}]*(?:\d{{1,9}}[.)]\s+)?[*(]*", sentence)
    return match.end() if match else 0
