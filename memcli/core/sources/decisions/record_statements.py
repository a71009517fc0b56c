"""What a decision record says about itself in sentences, headings and its title, beside its labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from memcli.core.sources.decisions.record_labels import (
    STATUS,
    SUCCESSION_STEMS,
    SUPERSEDED_BY,
    SUPERSEDES,
    is_labelled,
)
from memcli.core.sources.decisions.record_text import LONGEST_LINE, RecordText
from memcli.core.sources.decisions.status_words import ACCEPTED, leading_status

_END_OF_WORD = (
    r"(?=\s*(?:$|[.,;:()\[\]{}/!|–—。，、；：（）-])|\s+(?:by|on|in|as|at|of|since|due|because|and|but|not|for|after|with|"
    r"until|from|implemented|am|seit|durch|von|vom|und|le|depuis|par|et|el|desde|por|y|em|desde|e|il|dal|da|door|op|"
    r"przez|с|от|на|и|\d))"
)
_THIS_RECORD = (
    r"(?:(?:this|the present)\s+(?:adr|rfc|decision|record|document|proposal|architecture decision)\s+"
    r"(?:(?:is|was|has been|hereby|also|now|fully|completely)\s+)*|"
    r"(?:diese[rs]?|cette|ce|esta|este|questa|questo|deze|dit|это|этот|данное|本|此|该|この|이)\s?\w{0,20}\s)?"
)
_REFERENCE = r"\W*(?:(?:by|adr|rfc|pep|kep|decision|record)s?\W*)*(?:\d|[^\W\d]+[-_/]\w|$|(?<=\[)|(?<=\())"
_NOTE = r"(?:(?:note|notice|warning|update|important|hinweis|nota)\s*[:：]\s*)?"
_STATED = (
    rf"(?i)[\W_]*{_NOTE}(?:this (?:adr|rfc|decision|record|document|proposal) (?:is|was|has been)|"
    r"diese entscheidung (?:ist|wurde)|cette décision (?:est|a été)|esta decisión (?:está|es|ha sido|fue)) "
    r"(?:now |still )?(.+)"
)
_STATEMENT = rf"[\W_]*{_NOTE}{_THIS_RECORD}(?:{SUPERSEDED_BY}|{SUPERSEDES}){_REFERENCE}"
_ABOUT_A_PART = r"(?i)\b(?:with respect to|with regard|regarding|as far as|in part|section|behaviou?r)\b"
_LEAD = r"(?i)[\W_\d]*(?:(?:this|the)\s+\w+\s+)?(?:(?:is|was|has been|have been)\s+)?(?:now\s+)?"


def title_words(title: str) -> Iterator[str]:
    """The status before a title: `Draft: Use X`, `DEPRECATED - Use X`."""
    match = re.match(r"\s*([^\W\d_]{3,20})(?::|\s+[-–—])\s", unled(title))
    found = leading_status(match[1]) if match else None
    if (
        match
        and found
        and (found[0].is_dead or match[1].lower() in ("draft", "wip", "entwurf", "brouillon", "borrador"))
    ):
        yield match[1]


def statements_of_status(lines: Sequence[str]) -> list[str]:
    """What first lines such as `> This ADR has been rejected.` say, where it is not that it is accepted."""
    rests = [match[1] for line in lines if (match := re.match(_STATED, bare_status(line[:LONGEST_LINE])))]
    words = [(rest, leading_status(rest)) for rest in rests]
    return [rest for rest, found in words if found and found[0].meaning != ACCEPTED and ends_word(found[1])]


def ends_word(rest: str) -> bool:
    return re.match(_END_OF_WORD, rest) is not None


def bare_status(line: str) -> str:
    """A status line without struck-through text, comments and emphasis."""
    return re.sub(
        r"~~[^~]*~~|<(del|s|strike)>.*?</\1>|<!--.*?(?:-->|$)|</?[a-z]{1,10}\b[^<>]{0,200}>|[*`]+|(?<!\w)_+|_+(?!\w)",
        "",
        line,
    ).strip()


def unled(line: str) -> str:
    match = re.match(_LEAD, line)
    return line[match.end() :] if match else line


def sections_about_others(record: RecordText) -> Iterator[str]:
    """The sections whose heading says that the record is superseded, or supersedes, each as one line."""
    for heading in record.headings:
        if re.fullmatch(rf"(?:{SUPERSEDED_BY}|{SUPERSEDES})\W*", heading.title, re.IGNORECASE):
            yield f"{heading.title} {' '.join(record.lines[heading.below : heading.below + 4])}"


def statements_of_succession(record: RecordText) -> Iterator[str]:
    """The sentences in which the record describes itself: `This ADR supersedes …`, `> Superseded by …`; not what goes
    on from the line before, nor what stands below a heading of the third level, which is about something smaller."""
    deep = _lines_below_small_headings(record)
    for n, line in enumerate(record.lines):
        goes_on = n > 0 and re.search(r"[\w,]\s*$", record.lines[n - 1]) and re.match(r"\s*[a-z]", line)
        if not goes_on and n not in deep and any(stem in line.lower() for stem in SUCCESSION_STEMS):
            for sentence in re.split(r"(?<=[.!?])\s+", bare_status(line[:LONGEST_LINE])):
                if re.match(_STATEMENT, sentence, re.IGNORECASE) and not re.search(_ABOUT_A_PART, sentence):
                    yield sentence


def _lines_below_small_headings(record: RecordText) -> set[int]:
    top = record.title.level if record.title else 1
    ends = [*(heading.line for heading in record.headings[1:]), len(record.lines)]
    small = (
        range(heading.line, end)
        for heading, end in zip(record.headings, ends, strict=False)
        if heading.level > top + 1 and not is_labelled(heading.title, STATUS)
    )
    return {n for lines in small for n in lines}
