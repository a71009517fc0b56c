"""Decision records (ADR, MADR, RFC): one memory each, and who supersedes whom.

Invariant: each record is a claim of its own, so it has no key; a record is superseded by at most one other and
never, through others, by itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote

from memcli.core.bootstrap.decision_status import Reference, Standing, standing, stated_date
from memcli.core.bootstrap.lenient_front_matter import Headed, headed
from memcli.core.bootstrap.passage_text import humanised, titled, word_list
from memcli.core.bootstrap.passages import Passage, SourceFile, anchors, memory_of, moment, written_date
from memcli.core.bootstrap.sections import line_of, outline, whole
from memcli.core.memory.memory import Memory

_SECTIONS = word_list(
    "status context decision decisions consequences motivation alternatives rationale background drawbacks"
) | {"context and problem statement", "decision outcome", "considered options", "decision drivers"}
_GENERIC_TITLES = (
    _SECTIONS | word_list("summary title introduction overview abstract adr rfc") | {"decision record", ""}
)
_GENERIC_PLACES = word_list(
    """
    docs doc documentation adr adrs decision decisions decision-records src text . architecture-decisions
    architecture-decision-records rfc rfcs project content pages records architecture_decisions
    decision_records decision-log accepted proposed rejected archive
    """
)
_KEPT = (
    *("status", "date", "deciders", "decision_makers", "consulted", "informed", "author", "authors", "owner", "owners"),
    *("supersedes", "superseded_by", "description", "impact", "driver"),
)
"""Front matter that belongs to the record's text."""


@dataclass(frozen=True)
class Record:
    """A decision record as read, with the memory it becomes."""

    path: str
    number: int | None
    standing: Standing
    memory: Memory
    rest: tuple[Memory, ...] = ()
    """What of it does not fit into one memory."""

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)


def record(file: SourceFile, known_paths: Collection[str] = ()) -> Record | None:
    """The decision record a file holds; None where the file has nothing of one but its place."""
    source = headed(file.text)
    number, named_date = _file_number(file.path)
    shape = outline(source.body, source.line)
    stands = standing(source)
    sectioned = any(_without_number(part.title, None).lower() in _SECTIONS for part in shape.parts)
    if not source.body.strip() or not (number is not None or named_date or stands.stated or sectioned):
        return None
    title = _title(file.path, source, shape.title, number)
    date = stated_date(source) or named_date or file.date
    pieces = whole(_body(source, shape.title))
    if not pieces:
        return None
    tags = (*stands.tags, *source.get("tags").split(","))
    memories = [
        replace(_memory(file, title, n, piece, moment(date), tags, known_paths), status=stands.status)
        for n, (_, piece) in enumerate(pieces)
    ]
    return Record(file.path, _own_number(number, shape.title), stands, memories[0], tuple(memories[1:]))


def _memory(
    file: SourceFile,
    title: str,
    n: int,
    piece: str,
    date: datetime,
    tags: tuple[str, ...],
    known_paths: Collection[str],
) -> Memory:
    ref = f"{file.path}#L{line_of(file.text, piece)}" if n else file.path
    return memory_of(
        Passage(ref, piece, date),
        title=titled(f"{title} (part {n + 1})") if n else title,
        kind="semantic",
        type="decision",
        topic=topic(file.path),
        tags=tags,
        paths=anchors(piece, known_paths),
    )


def _body(source: Headed, title: str) -> str:
    """The record as written below its title, headed by what the front matter says about the decision."""
    head = "\n".join(f"{key.replace('_', '-')}: {source.front[key]}" for key in _KEPT if source.front.get(key))
    body = source.body
    if title:
        lines = body.split("\n")
        first = next((n for n, line in enumerate(lines) if line.strip()), 0)
        if lines[first].lstrip().startswith("# "):
            body = "\n".join(lines[first + 1 :])
    return "\n\n".join((head, body.strip("\n"))) if head else body


def _title(path: str, source: Headed, heading: str, number: int | None) -> str:
    """The heading without its number; the file's name where the heading is none of its own."""
    for candidate in (heading, source.get("title")):
        title = _without_number(candidate, number)
        if title.lower() not in _GENERIC_TITLES:
            return titled(title[:1].upper() + title[1:])
    stem = re.sub(r"^(?i:adr|rfc)?[-_ ]*[\d-]+[-_. ]*", "", PurePosixPath(path).stem)
    return titled(humanised(source.get("feature_name") or stem or PurePosixPath(path).stem)) or "Decision"


def _without_number(title: str, number: int | None) -> str:
    """`8. Title`, `ADR-008: Title`, `0008 Title` → `Title`; a number that is part of the title stays."""
    title = titled(title)
    named = re.match(r"(?i)[\[(]?(?:madr|adr|rfc|decision|decision record)[\s#:_-]*0*\d+\s*[.:)\]–—-]*\s*(?=\S)", title)
    listed = re.match(r"[\[#(]*\d+\s*[.:)\]–—-]+\s+(?=\S)", title)
    plain_number = re.match(r"0*(\d+)\s+(?=\S)", title)
    own = plain_number if plain_number and number is not None and int(plain_number[1]) == number else None
    match = named or listed or own
    rest = title[match.end() :] if match else title
    return re.sub(r"(?i)^(?:architecture |architectural )?(?:decision record|adr|rfc)\s*[:–—-]\s*", "", rest).strip()


def _file_number(path: str) -> tuple[int | None, datetime | None]:
    """The number or the date that a file's name begins with."""
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


def topic(path: str) -> str:
    """The directory that says what the decisions are about: `docs/architecture/decisions` → `architecture`."""
    words = [part for part in PurePosixPath(path).parts[:-1] if part.lower() not in _GENERIC_PLACES]
    return words[-1] if words else "decisions"


def related(records: Sequence[Record]) -> list[Memory]:
    """The records' memories with `superseded_by` and `supersedes` filled in from what any of them says."""
    follows = _successions(records)
    by_path = {record.path: record for record in records}
    return [memory for record in records for memory in (_placed(record, follows, by_path), *record.rest)]


def _placed(record: Record, follows: Mapping[str, tuple[str, ...]], by_path: Mapping[str, Record]) -> Memory:
    memory = record.memory
    before = tuple(by_path[old].memory.id for old, new in follows.items() if record.path in new)
    after = [by_path[path].memory for path in follows.get(record.path, ())]
    if after:
        ends = min(other.created for other in after)
        memory = replace(
            memory,
            status="superseded",
            superseded_by=after[0].id,
            tags=tuple(tag for tag in memory.tags if tag != "proposed"),
            valid_to=ends if ends > memory.created else None,
        )
    return replace(memory, supersedes=before)


def _successions(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    """old path → new paths: what the old record says first, then what an accepted new one says of the old."""
    claims = [(one, two) for one in records for two in _resolved(one, one.standing.successors, records)]
    for new in records:
        if new.standing.accepted and new.standing.status != "retired":
            olds = _resolved(new, new.standing.predecessors, records)
            claims += [(old, new) for old in olds if old.standing.status != "retired"]
    follows: dict[str, tuple[str, ...]] = {}
    for old, new in claims:
        if new.path not in follows.get(old.path, ()) and not _leads(follows, new.path, old.path):
            follows[old.path] = (*follows.get(old.path, ()), new.path)
    return follows


def _leads(follows: Mapping[str, tuple[str, ...]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path == goal:
            return True
        if path not in seen:
            seen.add(path)
            waiting += follows.get(path, ())
    return False


def _resolved(record: Record, references: Sequence[Reference], records: Sequence[Record]) -> list[Record]:
    found = [other for other in (_resolve(record, reference, records) for reference in references) if other]
    return [other for n, other in enumerate(found) if other.path != record.path and other not in found[:n]]


def _resolve(record: Record, reference: Reference, records: Sequence[Record]) -> Record | None:
    """By link, else by number, else by title; beside the record first, then wherever it is the only one."""
    target = unquote(reference.target.split("#")[0].split("?")[0])
    linked = posixpath.normpath(posixpath.join(record.folder, target)) if target else ""
    name = PurePosixPath(target).stem.lower() if target else ""
    title = _without_number(reference.title, reference.number).lower()
    tests = (
        [other for other in records if linked and other.path in (linked, linked.lstrip("/"), linked + ".md")],
        [other for other in records if name and PurePosixPath(other.path).stem.lower() == name],
        [other for other in records if reference.number is not None and other.number == reference.number],
        [other for other in records if title and other.memory.title.lower() == title],
    )
    for found in tests:
        beside = [other for other in found if other.folder == record.folder]
        if len(beside or found) == 1:
            return (beside or found)[0]
    return None
