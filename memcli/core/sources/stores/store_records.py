"""A record of a store that is not a file of its own: one memory, or several where it is larger than one may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.defaults import kind_of_type
from memcli.core.sources.passage_text import short_title
from memcli.core.sources.passages import EPOCH, MAX_ANCHORS, Filing, Passage, known_anchors, memory_of
from memcli.core.sources.sections import piece_title, split_to_fit
from memcli.core.sources.source_reader import Extract, Reading, Skipped
from memcli.core.sources.titles import passage_title

BROKEN = "lines that are not JSON objects"
MOST_BROKEN = 20
"""Broken lines that are reported one by one."""


@dataclass(frozen=True)
class StoreRecord:
    """What a record says. `names`: what it is called, the most general first; `paths`: the files that it names, as it
    writes them; `created`: None where it states no date."""

    names: tuple[str, ...]
    text: str
    type: str
    topic: str
    tags: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    created: datetime | None = None
    modified: datetime | None = None
    diary: bool = False


@dataclass(frozen=True)
class SkippedRecord:
    """A record of which no memory is made; `reason`: as it follows a number ("open issues: plans")."""

    reason: str


def record_extracts(path: str, line: int, record: StoreRecord, known_paths: Collection[str] = ()) -> Iterator[Extract]:
    """The extracts of a record at a line of a file."""
    title = passage_title(record.text, record.names) or "Note"
    for number, piece in enumerate(split_to_fit(record.text)):
        filing = Filing(
            short_title(piece_title(title, number)),
            record.type,
            record.topic,
            kind=kind_of_type(record.type),
            evidence="inference",
            modified=record.modified,
            tags=record.tags,
            paths=_anchors(record, piece, known_paths),
        )
        passage = Passage(f"{path}#L{line}", piece, record.created or record.modified or EPOCH)
        dated = (record.created or record.modified) is not None
        yield Extract(memory_of(passage, filing), path, line, dated, record.diary)


def _anchors(record: StoreRecord, text: str, known_paths: Collection[str]) -> tuple[Anchor, ...]:
    stated = (Anchor(path) for name in record.paths[:50] if (path := known_path(name, known_paths)))
    return tuple(dict.fromkeys((*stated, *known_anchors(text, known_paths))))[:MAX_ANCHORS]


def known_path(name: str, known_paths: Collection[str]) -> str:
    """The known path that a name means, which may be absolute on another machine; '' where there is none."""
    parts = PurePosixPath(name.strip().replace("\\", "/")).parts
    if len(parts) > 1 and parts[0] == "/":
        suffixes = ("/".join(parts[n:]) for n in range(1, len(parts) - 1))
        return next((suffix for suffix in suffixes if suffix in known_paths), "")
    path = "/".join(parts)
    return path if path in known_paths else ""


def records_reading(
    path: str, records: Iterable[tuple[int, StoreRecord | SkippedRecord | None]], known_paths: Collection[str] = ()
) -> Reading:
    """The reading of a file of records, each with its line; None for a line that is broken.

    Skipped records are counted by reason; without any extract the file is skipped as a whole.
    """
    extracts: list[Extract] = []
    lines: dict[str, list[int]] = {}
    for line, record in records:
        if isinstance(record, StoreRecord):
            extracts += record_extracts(path, line, record, known_paths)
        else:
            lines.setdefault(record.reason if record else BROKEN, []).append(line)
    if extracts:
        return Reading(tuple(extracts), tuple(_skipped(path, lines)))
    counts = sorted(((len(of_reason), reason) for reason, of_reason in lines.items()), reverse=True)
    return Reading(skipped=(Skipped(path, "; ".join(f"{count} {reason}" for count, reason in counts) or "empty"),))


def _skipped(path: str, lines: Mapping[str, list[int]]) -> Iterator[Skipped]:
    """One for each reason, and for each of the first broken lines."""
    for reason, of_reason in lines.items():
        single = of_reason[:MOST_BROKEN] if reason == BROKEN else []
        yield from (Skipped(path, "not a JSON object", line) for line in single)
        if rest := of_reason[len(single) :]:
            yield Skipped(path, f"{len(rest)} {reason}", rest[0])
