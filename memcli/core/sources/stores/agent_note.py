"""A note of an agent: its title, text, type and dates, from its file and from its line in the index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath

from memcli.core.memory.memory import TYPES
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import contains, humanise, is_strict, short_title
from memcli.core.sources.passages import SourceFile
from memcli.core.sources.sections import outline
from memcli.core.sources.stores.note_index import NoteMention
from memcli.core.sources.titles import heading_title
from memcli.core.sources.written_dates import written_date

_TYPES: Mapping[str, str] = {
    "user": "preference",
    "feedback": "preference",
    "project": "fact",
    "reference": "fact",
    "convention": "preference",
    "rule": "constraint",
    "pattern": "fact",
    "gotcha": "fact",
    "howto": "procedure",
    "workflow": "procedure",
}
_SESSION = r"(?i)(?:^|[-_])(?:session|standup|log|journal|daily|handoff)(?:[-_]|$)"
_PREFIX = r"(?i)^(?:user|feedback|project|reference|memory|note)[-_ ]+(?=\w)"


@dataclass(frozen=True)
class AgentNote:
    """A note, what the index says about it, and the names by which links refer to it."""

    file: SourceFile
    document: LenientDocument
    mention: NoteMention | None = None
    names: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def stem(self) -> str:
        """The file's name without its suffix."""
        return PurePosixPath(self.file.path).stem

    @cached_property
    def day(self) -> datetime | None:
        """The day in the file's name."""
        return written_date(self.stem.replace("_", "-"))

    @cached_property
    def bare_stem(self) -> str:
        """The stem without a prefix like `project_`."""
        return re.sub(_PREFIX, "", self.stem)

    @cached_property
    def title(self) -> str:
        """The index's link text, a name written for people, the note's only heading, or its file name."""
        name = self.document.get("name", "title")
        link = self.mention.link if self.mention else ""
        if link and link not in (self.stem, PurePosixPath(self.file.path).name):
            return heading_title(link) or short_title(link)
        if " " in name.strip():
            return heading_title(name) or short_title(name)
        heading = "" if name else outline(self.document.body).title
        candidates = (heading, humanise(re.sub(_PREFIX, "", name)), humanise(self.bare_stem))
        return next(filter(None, map(heading_title, candidates)), "Note")

    @cached_property
    def text(self) -> str:
        """The body, after what only the front matter and the index say."""
        body = self.document.body.strip("\n")
        return "\n\n".join([*self._lead(), body] if body.strip() else self._lead())

    def _lead(self) -> list[str]:
        name = self.document.get("name")
        stated = [name if " " in name else "", self.document.get("description")]
        stated.append(self.mention.hook if self.mention else "")
        lead: list[str] = []
        for text in stated:
            if text and not contains("\n".join((self.title, *lead, self.document.body)), text):
                lead.append(text)
        return lead

    @cached_property
    def type(self) -> str:
        """The stated type in the store's terms; a preference that is strict is a constraint, a dated note an event."""
        stated = self.document.get("type").lower()
        if self.day and (not stated or re.search(_SESSION, self.stem)):
            return "event"
        opening = f"{self.title}\n{self.document.get('description')}\n{self.text[:600]}"
        if stated in ("user", "feedback") and is_strict(opening):
            return "constraint"
        return stated if stated in TYPES else _TYPES.get(stated, "fact")

    @property
    def dates(self) -> tuple[datetime | None, datetime | None]:
        """When the note was created and modified, as far as it says; the change is not before the creation."""
        stated = written_date(self.document.get("created", "created_at", "date"))
        created = stated or self.day
        modified = written_date(self.document.get("modified", "updated", "updated_at", "last_updated", "last_modified"))
        if created and modified and modified < created:
            created = modified
        return created, modified


def read_note(file: SourceFile, mention: NoteMention | None) -> AgentNote:
    """The note in a file, with its line in the index."""
    document = parse_leniently(file.text)
    stem = PurePosixPath(file.path).stem
    names = (stem, document.get("name"), re.sub(_PREFIX, "", stem), mention.link if mention else "")
    return AgentNote(file, document, mention, frozenset(filter(None, names)))
