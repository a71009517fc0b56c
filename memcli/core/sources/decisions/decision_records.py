"""Decision records (ADR, MADR, RFC): one memory each.

A record is a claim of its own, so its memory has no key.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from memcli.core.memory.memory import Memory
from memcli.core.sources.decisions.decision_status import DecisionStatus, decision_status, stated_date
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import humanise, short_title, word_list
from memcli.core.sources.passages import Filing, Passage, SourceFile, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import outline, passage_ref, piece_title, split_to_fit
from memcli.core.sources.written_dates import written_date

_SECTIONS = word_list(
    "status context decision decisions consequences motivation alternatives rationale background drawbacks"
) | {"context and problem statement", "decision outcome", "considered options", "decision drivers"}
_GENERIC_TITLES = (
    _SECTIONS | word_list("summary title introduction overview abstract adr rfc") | {"decision record", ""}
)
_GENERIC_DIRECTORIES = word_list(
    """
    docs doc documentation adr adrs decision decisions decision-records src text . architecture-decisions
    architecture-decision-records rfc rfcs project content pages records architecture_decisions
    decision_records decision-log accepted proposed rejected archive
    """
)
_KEPT_KEYS = (
    *("status", "date", "deciders", "decision_makers", "consulted", "informed", "author", "authors", "owner", "owners"),
    *("supersedes", "superseded_by", "description", "impact", "driver"),
)
"""Front matter that belongs to the record's text."""


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


def read_record(file: SourceFile, known_paths: Collection[str] = ()) -> DecisionRecord | None:
    """The decision record in a file; None where only the file's directory suggests one."""
    document = parse_leniently(file.text)
    number, named_date = _number_and_date(file.path)
    shape = outline(document.body, document.line)
    status = decision_status(document)
    sectioned = any(title_without_number(part.title, None).lower() in _SECTIONS for part in shape.parts)
    if not document.body.strip() or not (number is not None or named_date or status.stated or sectioned):
        return None
    pieces = split_to_fit(_text(document, shape.title))
    if not pieces:
        return None
    date = utc_instant(stated_date(document) or named_date or file.date)
    tags = (*status.tags, *document.get("tags").split(","))
    filing = Filing(_title(file.path, document, shape.title, number), "decision", decision_topic(file.path), tags=tags)
    memories = []
    for n, piece in enumerate(pieces):
        passage = Passage(passage_ref(file.path, file.text, piece, n), piece, date)
        title = short_title(piece_title(filing.title, n)) if n else filing.title
        memory = memory_of(passage, replace(filing, title=title, paths=known_anchors(piece, known_paths)))
        memories.append(replace(memory, status=status.status))
    return DecisionRecord(file.path, _own_number(number, shape.title), status, memories[0], tuple(memories[1:]))


def _text(document: LenientDocument, title: str) -> str:
    """The record below its title, after what its front matter says about the decision."""
    front = document.front
    lead = "\n".join(f"{key.replace('_', '-')}: {front[key]}" for key in _KEPT_KEYS if front.get(key))
    body = document.body
    if title:
        lines = body.split("\n")
        first = next((n for n, line in enumerate(lines) if line.strip()), 0)
        if lines[first].lstrip().startswith("# "):
            body = "\n".join(lines[first + 1 :])
    return "\n\n".join((lead, body.strip("\n"))) if lead else body


def _title(path: str, document: LenientDocument, heading: str, number: int | None) -> str:
    """The heading without its number, or the file's name where the heading is generic."""
    for candidate in (heading, document.get("title")):
        title = title_without_number(candidate, number)
        if title.lower() not in _GENERIC_TITLES:
            return short_title(title[:1].upper() + title[1:])
    stem = PurePosixPath(path).stem
    name = re.sub(r"^(?i:adr|rfc)?[-_ ]*[\d-]+[-_. ]*", "", stem)
    return short_title(humanise(document.get("feature_name") or name or stem)) or "Decision"


def title_without_number(title: str, number: int | None) -> str:
    """`8. Title`, `ADR-008: Title` and `0008 Title` as `Title`; a number that belongs to the title stays.

    `number`: the record's own number, where it is known.
    """
    title = short_title(title)
    named = re.match(r"(?i)[\[(]?(?:madr|adr|rfc|decision|decision record)[\s#:_-]*0*\d+\s*[.:)\]–—-]*\s*(?=\S)", title)
    listed = re.match(r"[\[#(]*\d+\s*[.:)\]–—-]+\s+(?=\S)", title)
    bare = re.match(r"0*(\d+)\s+(?=\S)", title)
    own = bare if bare and number is not None and int(bare[1]) == number else None
    match = named or listed or own
    rest = title[match.end() :] if match else title
    return re.sub(r"(?i)^(?:architecture |architectural )?(?:decision record|adr|rfc)\s*[:–—-]\s*", "", rest).strip()


def _number_and_date(path: str) -> tuple[int | None, datetime | None]:
    """The number or the date at the beginning of a file's name."""
    stem = PurePosixPath(path).stem
    dated = re.match(r"(?:\d{4}-\d\d-\d\d|(?:19|20)\d{6})(?!\d)", stem)
    if dated and (date := written_date(dated[0])):
        return None, date
    match = re.match(r"(?i)(?:[a-z]{1,12}[-_ ]?)?(\d{1,5})(?=\D|$)", stem)
    return (int(match[1]) if match else None), None


def _own_number(number: int | None, heading: str) -> int | None:
    if number is not None:
        return number
    match = re.match(r"(?i)(?:adr|rfc)?[\s#_-]*0*(\d{1,5})[\s.:)–—-]", heading)
    return int(match[1]) if match else None


def decision_topic(path: str) -> str:
    """The directory that says what the decisions are about: `docs/architecture/decisions` gives `architecture`."""
    names = [part for part in PurePosixPath(path).parts[:-1] if part.lower() not in _GENERIC_DIRECTORIES]
    return names[-1] if names else "decisions"
