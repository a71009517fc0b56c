"""A file of a store as a note: one memory, or one for each of its sections where it is large."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from memcli.core.memory.defaults import kind_of_type
from memcli.core.memory.memory import Memory
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import contains, count_words, humanise, short_title
from memcli.core.sources.passages import Filing, Passage, SourceFile, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import MAX_SECTION, passage_ref, piece_title, split_to_fit
from memcli.core.sources.source_reader import Extract, Reading, Skipped
from memcli.core.sources.stores.progress_notes import is_progress_heading
from memcli.core.sources.stores.store_sections import (
    SectionFiling,
    StoreSection,
    is_link_list,
    is_template_text,
    section_extract,
    sections_reading,
    store_sections,
)

_LINKS = r"(?i)relations?|relates|related(?: notes)?|see also|links"


@dataclass(frozen=True)
class NoteFiling:
    """How a note is filed; `lead`: what only its front matter says, in the text where the text does not say it."""

    title: str
    type: str
    topic: str
    tags: tuple[str, ...] = ()
    lead: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    diary: bool = False


def note_reading(
    file: SourceFile, filing: NoteFiling, known_paths: Collection[str] = (), whole: int = MAX_SECTION
) -> Reading:
    """What is made of a note, whose text is verbatim; one of more than `whole` characters gives a memory for each
    section."""
    body = parse_leniently(file.text).body.strip("\n")
    if not count_words(body):
        return Reading(skipped=(Skipped(file.path, "empty"),))
    if is_template_text(body):
        return Reading(skipped=(Skipped(file.path, "a template: it has placeholders"),))
    if len(body) > whole:
        return _sections(file, filing, known_paths)
    title = short_title(filing.title) or humanise(PurePosixPath(file.path).name) or "Note"
    lead = filing.lead if not contains(f"{title}\n{body}", filing.lead) else ""
    memories = note_memories(file, "\n\n".join(filter(None, (lead, body))), replace(filing, title=title), known_paths)
    return Reading(tuple(_extract(memory, file, filing) for memory in memories))


def _extract(memory: Memory, file: SourceFile, filing: NoteFiling) -> Extract:
    line = (memory.source.ref or "")[len(file.path) :].removeprefix("#L")
    return Extract(memory, file.path, int(line or 1), dated=filing.created is not None, diary=filing.diary)


def note_memories(
    file: SourceFile, text: str, filing: NoteFiling, known_paths: Collection[str] = ()
) -> Iterator[Memory]:
    """The text of a note as one memory, or as several where it is larger than a memory may be."""
    for number, piece in enumerate(split_to_fit(text)):
        filed = Filing(
            short_title(piece_title(filing.title, number)) if number else filing.title,
            filing.type,
            filing.topic,
            kind=kind_of_type(filing.type),
            evidence="inference",
            modified=filing.modified,
            tags=filing.tags,
            paths=known_anchors(piece, known_paths),
        )
        ref = passage_ref(file.path, file.text, piece, number)
        yield memory_of(Passage(ref, piece, utc_instant(filing.created)), filed)


def _sections(file: SourceFile, filing: NoteFiling, known_paths: Collection[str]) -> Reading:
    """The sections of a large note, below its title."""

    def extract(section: StoreSection) -> Extract | str:
        if re.fullmatch(_LINKS, section.heading) or is_link_list(section.part.text):
            return "a list of links"
        diary = filing.diary or any(map(is_progress_heading, section.headings[1:]))
        type_ = "event" if diary else filing.type
        return section_extract(section, SectionFiling(type_, filing.topic, filing.tags, diary=diary), known_paths)

    sections = (replace(section, headings=(filing.title, *section.headings[1:])) for section in store_sections(file))
    return sections_reading(sections, extract, file.path)
