"""What bootstrap reads and the memory one passage of it becomes.

Invariant: the id depends on nothing but the source's date, where the passage stands and its text as written,
so that two clones that bootstrap the same commit agree.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.identity import derived_ulid, slug
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import Memory, Source

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_TEXT = 1 << 20
"""Characters; a longer file was written by a machine."""
MAX_PATHS = 10
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class SourceFile:
    """A file of the repository: `path` relative to its root, `date` that of the first commit with it."""

    path: str
    text: str
    date: datetime | None


@dataclass(frozen=True)
class CommitMessage:
    """A commit of the code: `subject` is the first line, `body` the rest, `files` what it touched."""

    id: str
    date: datetime
    subject: str
    body: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """A piece of a source: the verbatim `text`, and `ref` = `path`, `path#L12` or `commit:<id>`."""

    ref: str
    text: str
    date: datetime


def legible(file: SourceFile) -> SourceFile | None:
    """The file with LF lines and no BOM; None where it is no text, or too much of it."""
    if "\0" in file.text or len(file.text) > MAX_TEXT or not file.path.isprintable():
        return None
    return replace(file, text=legible_text(file.text), date=moment(file.date) if file.date else None)


def legible_text(text: str) -> str:
    """LF lines, no BOM, and `?` for what UTF-8 cannot write."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return lines.encode("utf-8", "replace").decode()


def moment(date: datetime | None) -> datetime:
    """UTC and whole seconds as the store writes them; the epoch where nothing is known."""
    if date is None:
        return EPOCH
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return EPOCH


def written_date(text: str) -> datetime | None:
    """The first date in a line as people write them; None where day and month could be swapped (03/04/2020)."""
    iso = re.search(
        r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)([Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?", text
    )
    if iso and iso[4]:
        return _instant(iso[0])
    if iso:
        return _day(iso[1], iso[2], iso[3])
    if compact := re.search(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)", text):
        return _day(*compact.groups())
    if named := re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4})\b", text):
        return _day(named[3], _month(named[2]), named[1])
    if named := re.search(r"\b([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b", text):
        return _day(named[3], _month(named[1]), named[2])
    if last := re.search(r"\b(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\b", text):
        return _day_first(last[1], last[3], last[4], last[2])
    return None


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None


def _month(name: str) -> str:
    return str(MONTHS.index(name.lower()) + 1) if name.lower() in MONTHS else "0"


def _day_first(day: str, month: str, year: str, mark: str) -> datetime | None:
    if int(month) > 12:
        return _day(year, day, month)
    return None if mark == "/" and int(day) <= 12 and day != month else _day(year, month, day)


def _day(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC) if 1980 <= int(year) <= 2200 else None
    except ValueError:
        return None


def memory_of(
    passage: Passage,
    *,
    title: str,
    kind: str,
    type: str,
    topic: str,
    evidence: str = "document",
    modified: datetime | None = None,
    tags: tuple[str, ...] = (),
    paths: tuple[Anchor, ...] = (),
) -> Memory:
    """The memory a passage becomes; nobody verified it, so its evidence is never above `document`."""
    return Memory(
        id=derived_ulid(passage.date, passage.ref, passage.text),
        title=title,
        kind=kind,
        type=type,
        topic=slug(topic, "general"),
        body=passage.text + "\n",
        created=passage.date,
        modified=max(modified or passage.date, passage.date),
        evidence=evidence,
        tags=tuple(dict.fromkeys(slug(tag, "") for tag in tags if slug(tag, ""))),
        paths=paths,
        source=Source(ref=passage.ref),
    )


def anchors(text: str, known_paths: Collection[str]) -> tuple[Anchor, ...]:
    """The known code paths a text names in backticks, in order, at most ten; no blobs."""
    if not known_paths:
        return ()
    named = (re.sub(r"^\./|(?::\d+(?:-\d+)?|#L\d+\S*)$", "", code) for code in re.findall(r"`([^`\n]{1,300})`", text))
    found = dict.fromkeys(path for path in named if path in known_paths)
    return tuple(Anchor(path) for path in list(found)[:MAX_PATHS])
