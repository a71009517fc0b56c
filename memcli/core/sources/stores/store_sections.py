"""The sections of a file of a memory store as extracts: their titles, types and days.

Invariant: the text of a section is verbatim, and the evidence is `inference`: an agent wrote it for itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from memcli.core.memory.defaults import kind_of_type
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import (
    count_words,
    humanise,
    is_contents,
    plain_text,
    rule_type,
    short_title,
    without_comments,
)
from memcli.core.sources.passages import EPOCH, Filing, Passage, SourceFile, known_anchors, memory_of
from memcli.core.sources.sections import Part, outline
from memcli.core.sources.source_reader import Extract, Reading, Skipped
from memcli.core.sources.titles import first_claim, passage_title
from memcli.core.sources.written_dates import written_date

MIN_WORDS, LONG_INTRODUCTION = 4, 80
DAY_LINES = 6
"""The lines at the beginning of an entry that may state its day."""
_DECIDED = (
    r"(?i)\bdecisions?\b(?![ -](?:mak|tree|engine|support|point))|\bdecided\b|\bentscheidung(?:en)?\b|"
    r"\bdécisions?\b|\bdecis(?:iones|ión|ões|ão)\b|决策|決定"
)
_LIMITS = (
    r"(?i)\bconstraints?\b|\brequirements?\b|\blimitations?\b|\bnon-goals?\b|\bout of scope\b|\binvariants?\b|"
    r"\bguardrails?\b|\banforderungen\b|\bcontraintes\b|\brestricciones\b|约束|制約"
)
_DAY_LINE = (
    r"(?i)[\W_]*(?:date|day|updated|last[ _]updated|updated[ _]at|session|created|timestamp|datum|fecha)\b[^\n]*"
)
_DAY_FIRST = r"[\[(*\s-]{0,4}\d{4}-\d\d-\d\d"
_ENTRY_NUMBER = r"^\[[A-Z]{2,8}-[\d-]+\]\s*(?=\S)"
_PLACEHOLDER = (
    r"(?<!\[)\[(?:[A-Z][^\[\]\n]{2,80}|\.\.\.|…|tbd|todo|none(?: yet)?|unknown|"
    r"(?:not yet|to be|your) [^\[\]\n]{2,60})\]"
    r"(?![(\]])|\{\{[^{}\n]{1,80}\}\}|"
    r"(?i:\bto be (?:determined|defined|filled in|added)\b|\bTBD\b|\blorem ipsum\b)"
)


@dataclass(frozen=True)
class StoreSection:
    """A passage of a store's file, the headings above it (outermost first, the file's title the first) and its day."""

    file: SourceFile
    part: Part
    headings: tuple[str, ...]
    day: datetime | None = None

    @property
    def heading(self) -> str:
        """The innermost heading; '' where there is none."""
        return next((heading for heading in reversed(self.headings) if heading), "")

    @cached_property
    def visible(self) -> str:
        """Its text without HTML comments."""
        return without_comments(self.part.text)

    @property
    def is_empty(self) -> bool:
        """Whether it says less than a sentence."""
        return count_words(self.visible) < MIN_WORDS

    @property
    def is_introduction(self) -> bool:
        """Whether it only says what its file is."""
        if self.part.title:
            return False
        if re.match(r"(?i)\W*this (?:document|file|page|log|section)\b", self.visible):
            return count_words(self.visible) < LONG_INTRODUCTION
        return count_words(self.visible) < LONG_INTRODUCTION // 2 and not first_claim(self.visible)


@dataclass(frozen=True)
class SectionFiling:
    """How a section is filed; `lead`: lines of its file that it does not stand without."""

    type: str
    topic: str
    tags: tuple[str, ...] = ()
    lead: str = ""
    diary: bool = False


def store_sections(file: SourceFile) -> Iterator[StoreSection]:
    """The sections of a file; each has the day that it states, or that the headings above it do."""
    document = parse_leniently(file.text)
    shape = outline(document.body, document.line)
    stated = document.get("date", "created", "created_at", "updated", "updated_at", "last_updated")
    named = written_date(stated) or written_date(file.path.rpartition("/")[2])
    default = named or written_date(shape.title)
    for part in shape.parts:
        headings = (shape.title or document.get("title"), *part.trail, _entry_name(part.title))
        yield StoreSection(file, part, headings, entry_day((*headings, part.title), part.text) or default)


def sections_of_day(sections: Sequence[StoreSection]) -> tuple[StoreSection, ...]:
    """The sections of a file about a day: those that state none have the day that the text of the first states."""
    if not sections or written_date(sections[0].part.title):
        return tuple(sections)
    return tuple(replace(section, day=section.day or sections[0].day) for section in sections)


def _entry_name(heading: str) -> str:
    """A heading without the number of an entry, as words where it is a name like `three-or-more-words`."""
    name = re.sub(_ENTRY_NUMBER, "", heading).strip("· ")
    return humanise(name) if re.fullmatch(r"[\w.]+(?:-[\w.]+){2,}", name) and not written_date(name) else name


def entry_day(headings: Collection[str], text: str) -> datetime | None:
    """The day that the innermost of the headings states, else the first lines of the text."""
    days = (written_date(heading) for heading in reversed(tuple(headings)))
    if day := next(filter(None, days), None):
        return day
    lines = (plain_text(line[:200]) for line in text.split("\n", DAY_LINES)[:DAY_LINES])
    stated = (written_date(line) for line in lines if re.fullmatch(_DAY_LINE, line) or re.match(_DAY_FIRST, line))
    return next(filter(None, stated), None)


def section_type(heading: str, text: str) -> str:
    """The type of a section by its heading, else by its wording."""
    if re.search(_DECIDED, heading):
        return "decision"
    return "constraint" if re.search(_LIMITS, heading) else rule_type(heading, text)


def section_extract(section: StoreSection, filing: SectionFiling, known_paths: Collection[str] = ()) -> Extract:
    """The extract of a section, dated where it has a day."""
    part, path = section.part, section.file.path
    text = "\n\n".join(filter(None, (filing.lead, part.text)))
    title = passage_title(re.sub(_PLACEHOLDER, "", section.visible), section.headings) or humanise(
        path.rpartition("/")[2]
    )
    passage = Passage(f"{path}#L{part.line}", text, section.day or EPOCH)
    filed = Filing(
        part.numbered(short_title(title)) or "Note",
        filing.type,
        filing.topic,
        kind=kind_of_type(filing.type),
        evidence="inference",
        tags=filing.tags,
        paths=known_anchors(text, known_paths),
    )
    return Extract(memory_of(passage, filed), path, part.line, section.day is not None, filing.diary)


def sections_reading(
    sections: Iterable[StoreSection], extract: Callable[[StoreSection], Extract | str], path: str
) -> Reading:
    """What is made of the sections of a file, at least a reason: `extract` gives the extract of a section, or why it
    is skipped."""
    extracts: list[Extract] = []
    skipped: list[Skipped] = []
    for section in sections:
        result = _skip_reason(section) or extract(section)
        if isinstance(result, str):
            skipped.append(Skipped(path, result, section.part.line))
        else:
            extracts.append(result)
    if extracts:
        return Reading(tuple(extracts), tuple(skipped))
    return Reading(skipped=(Skipped(path, skipped[0].reason if skipped else "empty"),))


def is_link_list(text: str) -> bool:
    """Whether most words of a text are links, `[[names]]` among them."""
    linked = sum(count_words(name) for name in re.findall(r"\[\[([^\[\]\n]{1,300})\]\]", text))
    return is_contents(text) or linked > 0.6 * max(1, count_words(text))


def is_template_text(text: str) -> bool:
    """Whether little is left of a text without its placeholders."""
    rest = re.sub(_PLACEHOLDER, " ", text)
    return rest != text and count_words(rest) < max(MIN_WORDS, count_words(text) // 2)


def _skip_reason(section: StoreSection) -> str:
    if is_template_text(section.visible):
        return "a template: it has placeholders"
    if section.is_introduction:
        return "an introduction that claims nothing"
    return "says less than a sentence" if section.is_empty else ""


def joined_readings(readings: Iterable[Reading]) -> Reading:
    """Several readings as one."""
    parts = tuple(readings)
    return Reading(
        tuple(extract for reading in parts for extract in reading.extracts),
        tuple(skipped for reading in parts for skipped in reading.skipped),
        tuple(notice for reading in parts for notice in reading.notices),
    )
