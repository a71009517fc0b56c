"""A file of a store as a note: one memory, or one for each of its sections where it is large."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from memcli.core.memory.defaults import kind_of_type
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import contains, count_words, humanise, short_title
from memcli.core.sources.passages import EPOCH, Filing, Passage, SourceFile, known_anchors, memory_of
from memcli.core.sources.sections import MAX_SECTION
from memcli.core.sources.source_reader import Extract, Reading, Skipped
from memcli.core.sources.stores.store_sections import (
    SectionFiling,
    is_template_text,
    section_extract,
    sections_reading,
    store_sections,
)


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


def note_reading(file: SourceFile, filing: NoteFiling, known_paths: Collection[str] = ()) -> Reading:
    """What is made of a note: its text is verbatim."""
    body = parse_leniently(file.text).body.strip("\n")
    if not count_words(f"{body} {filing.lead}"):
        return Reading(skipped=(Skipped(file.path, "empty"),))
    if is_template_text(body):
        return Reading(skipped=(Skipped(file.path, "a template: it has placeholders"),))
    if len(body) > MAX_SECTION:
        return _parts(file, filing, known_paths)
    return Reading((_whole(file, body, filing, known_paths),))


def _whole(file: SourceFile, body: str, filing: NoteFiling, known_paths: Collection[str]) -> Extract:
    title = short_title(filing.title) or humanise(PurePosixPath(file.path).name) or "Note"
    lead = filing.lead if not contains(f"{title}\n{body}", filing.lead) else ""
    text = "\n\n".join(filter(None, (lead, body)))
    filed = Filing(
        title,
        filing.type,
        filing.topic,
        kind=kind_of_type(filing.type),
        evidence="inference",
        modified=filing.modified,
        tags=filing.tags,
        paths=known_anchors(text, known_paths),
    )
    memory = memory_of(Passage(file.path, text, filing.created or EPOCH), filed)
    return Extract(memory, file.path, dated=filing.created is not None, diary=filing.diary)


def _parts(file: SourceFile, filing: NoteFiling, known_paths: Collection[str]) -> Reading:
    """The sections of a large note, below its title."""
    section_filing = SectionFiling(filing.type, filing.topic, filing.tags, diary=filing.diary)
    sections = (replace(section, headings=(filing.title, *section.headings[1:])) for section in store_sections(file))
    return sections_reading(sections, lambda section: section_extract(section, section_filing, known_paths), file.path)
