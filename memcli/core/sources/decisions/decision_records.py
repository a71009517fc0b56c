"""Decision records (ADR, MADR, RFC, PEP, KEP): one memory each.

A record is a claim of its own, so its memory has no key.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from memcli.core.memory.memory import Memory
from memcli.core.sources.decisions.decision_status import DecisionStatus, decision_status
from memcli.core.sources.decisions.record_labels import DATE, DECISION, SECTIONS, is_labelled
from memcli.core.sources.decisions.record_places import record_name
from memcli.core.sources.decisions.record_text import RecordText
from memcli.core.sources.decisions.record_title import decision_title
from memcli.core.sources.passage_text import short_title, word_list
from memcli.core.sources.passages import Filing, Passage, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import passage_ref, piece_title, split_to_fit
from memcli.core.sources.written_dates import written_date

_GENERIC_DIRECTORIES = word_list(
    """
    docs doc documentation adr adrs decision decisions decision-records src text . architecture-decisions
    architecture-decision-records rfc rfcs project content pages records architecture_decisions
    decision_records decision-log accepted proposed rejected archive keps peps entscheidungen decisiones
    """
)
_KEPT_KEYS = (
    *("status", "date", "deciders", "decision_makers", "consulted", "informed", "author", "authors", "owner", "owners"),
    *(
        "supersedes",
        "superseded_by",
        "description",
        "impact",
        "driver",
        "stage",
        "replaces",
        "statut",
        "estado",
        "stato",
    ),
)
"""Front matter that belongs to the record's text."""
_DATE_KEYS = (
    "date",
    "decided",
    "decision_date",
    "start_date",
    "created",
    "created_at",
    "date_created",
    "creation_date",
)
_Y_STATEMENT = r"(?i)\bin the context of\b[^\n]{1,400}\b(?:facing|we decided)\b"


@dataclass(frozen=True)
class DecisionRecord:
    """A decision record as read; `memory` has its beginning, `rest` what does not fit into one memory."""

    path: str
    number: int | None
    status: DecisionStatus
    memory: Memory
    rest: tuple[Memory, ...] = ()

    @property
    def directory(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def name(self) -> str:
        """What other records call it: its file's name, or that of the directory it has for itself."""
        return record_name(self.path).lower()


def has_shape(record: RecordText) -> bool:
    """Whether a text is laid out as a decision record, wherever it lies."""
    stated = decision_status(record).is_stated
    return (stated and record.has_section(SECTIONS) > 0) or record.has_section(SECTIONS) > 2 or _is_y_statement(record)


def read_record(
    record: RecordText, status: DecisionStatus, text: str, known_paths: Collection[str] = (), day_first: bool = False
) -> DecisionRecord | None:
    """The decision record in a file; None where only the file's directory suggests one. `day_first`: its date is
    written so, where that could be doubtful."""
    number, named_date = _number_and_date(record.path)
    is_record = number is not None or named_date or status.is_stated or record.has_section(SECTIONS)
    if not record.document.body.strip() or not (is_record or _is_y_statement(record)):
        return None
    pieces = split_to_fit(_text(record))
    if not pieces:
        return None
    date = utc_instant(stated_date(record, day_first) or named_date)
    title = decision_title(record, number)
    tags = (*status.tags, *record.document.get("tags").split(","))
    filing = Filing(title, "decision", decision_topic(record.path), tags=tags)
    memories = []
    for n, piece in enumerate(pieces):
        passage = Passage(passage_ref(record.path, text, piece, n), piece, date)
        named = short_title(piece_title(filing.title, n)) if n else filing.title
        memory = memory_of(passage, replace(filing, title=named, paths=known_anchors(piece, known_paths)))
        memories.append(replace(memory, status=status.status))
    heading = record.title.title if record.title else ""
    return DecisionRecord(record.path, _own_number(number, heading), status, memories[0], tuple(memories[1:]))


def stated_date(record: RecordText, day_first: bool = False) -> datetime | None:
    """The date that the front matter, a `Date:` line or a `Date` section states."""
    dates = (written_date(text, day_first) for text in date_texts(record))
    return next((date for date in dates if date), None)


def date_texts(record: RecordText) -> list[str]:
    """What the front matter, a `Date:` line and a `Date` section state."""
    return [record.document.get(*_DATE_KEYS), record.front(DATE), *record.values(DATE), *record.section(DATE)[:3]]


def decision_topic(path: str) -> str:
    """The directory that says what the decisions are about: `docs/architecture/decisions` gives `architecture`."""
    names = [part for part in PurePosixPath(path).parts[:-1] if part.lower() not in _GENERIC_DIRECTORIES]
    names = [name for name in names if not re.match(r"\d+-", name)]
    return names[-1] if names else "decisions"


def _is_y_statement(record: RecordText) -> bool:
    return re.search(_Y_STATEMENT, " ".join(record.document.body[:4000].split())) is not None


def _text(record: RecordText) -> str:
    """The record below its title, after what its front matter says about the decision."""
    front: Mapping[str, str] = record.document.front
    lead = "\n".join(f"{key.replace('_', '-')}: {front[key]}" for key in _KEPT_KEYS if front.get(key))
    body, title = record.document.body, record.title
    if title and not is_labelled(title.title, DECISION | SECTIONS):
        lines = body.split("\n")
        body = "\n".join((*lines[: title.line], *lines[title.below :]))
    return "\n\n".join((lead, body.strip("\n"))) if lead else body


def _number_and_date(path: str) -> tuple[int | None, datetime | None]:
    """The number or the date at the beginning of a record's name."""
    stem = record_name(path)
    dated = re.match(r"(?:\d{4}-\d\d-\d\d|(?:19|20)\d{6})(?!\d)|(?:19|20)\d{12}(?!\d)", stem)
    if dated and (date := written_date(dated[0][:10] if "-" in dated[0] else dated[0][:8])):
        return None, date
    match = re.match(r"(?i)(?:[a-z]{1,12}[-_ ]?)?(\d{1,5})(?=\D|$)", stem)
    return (int(match[1]) if match else None), None


def _own_number(number: int | None, heading: str) -> int | None:
    if number is not None:
        return number
    match = re.match(r"(?i)(?:adr|rfc)?[\s#_-]*0*(\d{1,5})[\s.:)–—-]", heading)
    return int(match[1]) if match else None
