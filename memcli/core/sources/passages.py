"""What bootstrap reads, and the memory that a passage of it becomes.

Invariant: the id of a memory depends only on the source's date, the passage's place and its text as written, so two
clones that bootstrap the same commit agree.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.identity import derived_ulid, slug
from memcli.core.memory.memory import Memory, Source

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_TEXT = 1 << 20
"""Characters; a longer file was written by a machine."""
MAX_ANCHORS = 10


@dataclass(frozen=True)
class SourceFile:
    """A file of the repository: its path from the root, its text, the date of the first commit that has it."""

    path: str
    text: str
    date: datetime | None


@dataclass(frozen=True)
class CommitMessage:
    """A commit of the code: `subject` is the first line, `body` the rest, `files` the paths it changed, `author` the
    author's name."""

    id: str
    date: datetime
    subject: str
    body: str
    files: tuple[str, ...]
    author: str = ""


@dataclass(frozen=True)
class Passage:
    """A piece of a source: `ref` (`path`, `path#L12` or `commit:<id>`), the verbatim text, the source's date."""

    ref: str
    text: str
    date: datetime


@dataclass(frozen=True)
class Filing:
    """How a passage is filed: the front matter of its memory. Evidence is at most `document`: nobody verified it."""

    title: str
    type: str
    topic: str
    kind: str = "semantic"
    evidence: str = "document"
    modified: datetime | None = None
    tags: tuple[str, ...] = ()
    paths: tuple[Anchor, ...] = ()


def memory_of(passage: Passage, filing: Filing) -> Memory:
    """The memory that a passage becomes."""
    return Memory(
        id=derived_ulid(passage.date, passage.ref, passage.text),
        title=filing.title,
        kind=filing.kind,
        type=filing.type,
        topic=slug(filing.topic, "general"),
        body=passage.text + "\n",
        created=passage.date,
        modified=max(filing.modified or passage.date, passage.date),
        evidence=filing.evidence,
        tags=tuple(dict.fromkeys(slug(tag, "") for tag in filing.tags if slug(tag, ""))),
        paths=filing.paths,
        source=Source(ref=passage.ref),
    )


def readable_text(text: str) -> str:
    """The text with LF lines, no BOM, and `?` for what UTF-8 cannot encode."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return lines.encode("utf-8", "replace").decode()


def utc_instant(date: datetime | None) -> datetime:
    """The instant in UTC and whole seconds, as the store has it; the epoch where there is none."""
    if date is None:
        return EPOCH
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return EPOCH


def known_anchors(text: str, known_paths: Collection[str]) -> tuple[Anchor, ...]:
    """The known paths that a text names in backticks, in order, without blobs; at most `MAX_ANCHORS`."""
    if not known_paths:
        return ()
    code = re.findall(r"`([^`\n]{1,300})`", text)
    named = (re.sub(r"^\./|(?::\d+(?:-\d+)?|#L\d+\S*)$", "", span) for span in code)
    paths = dict.fromkeys(path for path in named if path in known_paths)
    return tuple(Anchor(path) for path in list(paths)[:MAX_ANCHORS])
