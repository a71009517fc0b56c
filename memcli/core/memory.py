"""One memory as a typed value, and how it is read from and filled into a document.

`read` is total: whatever the file says, it returns a `Memory` or findings with the line, never an exception.
Unknown keys are not part of the value; they live on in the document, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from memcli.core.document import Document, Value
from memcli.core.finding import BLOCK, INFO, Finding
from memcli.core.identity import MemoryId
from memcli.core.instant import format_instant, parse_instant

KINDS = ("semantic", "procedural", "episodic")
TYPES = ("fact", "decision", "constraint", "preference", "stability", "procedure", "event", "attempt")
STATUSES = ("active", "superseded", "retired", "withdrawn")
EVIDENCE = ("code", "test", "human", "document", "inference")
"""Strongest first."""
MAX_TITLE = 120
T = TypeVar("T")
TOPIC = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY = re.compile(r"[A-Za-z0-9._/-]{1,200}")


@dataclass(frozen=True)
class Anchor:
    """A code path a memory is about, with the blob id (8 to 40 hex) seen at writing."""

    path: str
    blob: str | None = None

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """`path` or `path@<8 to 40 hex>`, split at the last `@`."""
        path, at, blob = text.rpartition("@")
        return cls(path, blob) if at and re.fullmatch(r"[0-9a-f]{8,40}", blob) else cls(text)

    def __str__(self) -> str:
        return f"{self.path}@{self.blob}" if self.blob else self.path


@dataclass(frozen=True)
class Source:
    session: str | None = None
    agent: str | None = None
    commit: str | None = None
    ref: str | None = None


@dataclass(frozen=True)
class Memory:
    """A memory; field by field as in docs/format.md."""

    id: MemoryId
    title: str
    kind: str
    type: str
    topic: str
    body: str
    created: datetime
    modified: datetime
    status: str = "active"
    key: str | None = None
    tags: tuple[str, ...] = ()
    paths: tuple[Anchor, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    expires: datetime | None = None
    evidence: str | None = None
    confidence: float | None = None
    importance: float | None = None
    pin: bool = False
    read_only: bool = False
    conflict: bool = False
    title_other: str | None = None
    attention: str | None = None
    supersedes: tuple[str, ...] = ()
    superseded_by: str | None = None
    merged_from: tuple[str, ...] = ()
    based_on: tuple[str, ...] = ()
    holds_if: tuple[str, ...] = ()
    source: Source = field(default_factory=Source)

    @property
    def starts(self) -> datetime:
        """Where it stands on its key's timeline."""
        return self.valid_from or self.created


class _Reader:
    """Types one document's values and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.front = document.front()
        self.findings: list[Finding] = []

    def report(self, key: str, message: str, severity: str = BLOCK) -> None:
        line = self.document.line_of(key)
        where = f"line {line}: " if line else ""
        memory_id = self.front.get("id")
        self.findings.append(
            Finding(
                "schema",
                severity,
                memory_id if isinstance(memory_id, str) else "",
                f"{where}{key}: {message}",
                f"correct '{key}' (docs/format.md lists the keys)",
            )
        )

    def text(self, key: str) -> str | None:
        value = self.front.get(key)
        if value is None or isinstance(value, str):
            return value or None
        self.report(key, "must be one line of text")
        return None

    def typed(self, key: str, convert: Callable[[str], T]) -> T | None:
        text = self.text(key)
        if text is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            self.report(key, str(error))
            return None

    def word(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        text = self.text(key) or default
        if text not in allowed:
            self.report(key, f"{text[:40]!r} is none of {', '.join(allowed)}")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.front.get(key)
        if value is None:
            return ()
        items = (value,) if isinstance(value, str) else value
        if isinstance(items, Mapping) or not all(isinstance(item, str) for item in items):
            self.report(key, "must be a list of words")
            return ()
        return tuple(str(item) for item in items)

    def nested(self, key: str) -> Mapping[str, Value]:
        value = self.front.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.report(key, "must be a mapping")
        return {}

    def slugs(self, key: str) -> tuple[str, ...]:
        items = self.texts(key)
        for item in items:
            if not TOPIC.fullmatch(item):
                self.report(key, f"{item[:40]!r} must be lower-case words joined by '-'")
        return items


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:40]!r} must be true or false")
    return text == "true"


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(f"{text[:40]!r} must be a number from 0 to 1")
    return number


def _key(text: str) -> str:
    if not KEY.fullmatch(text):
        raise ValueError(f"{text[:40]!r} must be 1 to 200 of A-Z a-z 0-9 . _ / -")
    return text


def _title(text: str) -> str:
    if "\n" in text or len(text) > MAX_TITLE:
        raise ValueError(f"must be one line of at most {MAX_TITLE} characters")
    return text


def _type(reader: _Reader) -> str:
    text = reader.text("type") or "fact"
    if text not in TYPES:
        reader.report("type", f"{text[:40]!r} is not a known type; kept as it is", INFO)
    return text


def _required(reader: _Reader, key: str, value: T | None, default: T) -> T:
    """`value`, or a finding and `default` where the key is missing (a wrong one has its finding already)."""
    if value is None and reader.front.get(key) in (None, ""):
        reader.report(key, "is missing")
    return default if value is None else value


_NO_ID = MemoryId("0" * 26)
_EPOCH = parse_instant("1970-01-01")


def read(document: Document) -> tuple[Memory | None, list[Finding]]:
    """The memory of a complete document and what is wrong with it; None where a `block` finding spoils it."""
    reader = _Reader(document)
    memory = _assemble(reader)
    if any(finding.severity == BLOCK for finding in reader.findings):
        return None, reader.findings
    return memory, reader.findings


def _assemble(reader: _Reader) -> Memory:
    status = reader.word("status", STATUSES, "active")
    created = _required(reader, "created", reader.typed("created", parse_instant), _EPOCH)
    valid_from, valid_to = reader.typed("valid_from", parse_instant), reader.typed("valid_to", parse_instant)
    if valid_to and valid_to < (valid_from or valid_to):
        reader.report("valid_to", "lies before valid_from")
    title = reader.typed("title", _title)
    return Memory(
        id=_required(reader, "id", reader.typed("id", MemoryId), _NO_ID),
        title=title or "" if status == "withdrawn" else _required(reader, "title", title, ""),
        kind=reader.word("kind", KINDS, "semantic"),
        type=_type(reader),
        topic=(reader.slugs("topic") or ("general",))[0],
        body=reader.document.body,
        created=created,
        modified=reader.typed("modified", parse_instant) or created,
        status=status,
        key=reader.typed("key", _key),
        tags=reader.slugs("tags"),
        paths=tuple(Anchor.parse(text) for text in reader.texts("paths")),
        valid_from=valid_from,
        valid_to=valid_to,
        expires=reader.typed("expires", parse_instant),
        evidence=reader.word("evidence", EVIDENCE, "inference") if reader.text("evidence") else None,
        confidence=reader.typed("confidence", _share),
        importance=reader.typed("importance", _share),
        pin=reader.typed("pin", _flag) or False,
        read_only=reader.typed("read_only", _flag) or False,
        conflict=reader.typed("conflict", _flag) or False,
        title_other=reader.text("title_other"),
        attention=reader.text("attention"),
        supersedes=reader.texts("supersedes"),
        superseded_by=reader.text("superseded_by"),
        merged_from=reader.texts("merged_from"),
        based_on=reader.texts("based_on"),
        holds_if=reader.texts("holds_if"),
        source=_source(reader),
    )


def _source(reader: _Reader) -> Source:
    values = {key: value for key, value in reader.nested("source").items() if isinstance(value, str) and value}
    return Source(values.get("session"), values.get("agent"), values.get("commit"), values.get("ref"))


def front_matter(memory: Memory) -> dict[str, Value]:
    """The front matter of a new memory, in the order of docs/format.md, empty keys left out."""
    front: dict[str, Value] = {
        "id": memory.id,
        "title": memory.title,
        "kind": memory.kind,
        "type": memory.type,
        "topic": memory.topic,
        "key": memory.key,
        "tags": memory.tags,
        "paths": tuple(str(anchor) for anchor in memory.paths),
        "status": memory.status,
        "created": format_instant(memory.created),
        "modified": format_instant(memory.modified),
        "valid_from": format_instant(memory.valid_from) if memory.valid_from else None,
        "valid_to": format_instant(memory.valid_to) if memory.valid_to else None,
        "expires": format_instant(memory.expires) if memory.expires else None,
        "pin": "true" if memory.pin else None,
        "read_only": "true" if memory.read_only else None,
        "evidence": memory.evidence,
        "confidence": None if memory.confidence is None else f"{memory.confidence:g}",
        "supersedes": memory.supersedes,
        "superseded_by": memory.superseded_by,
        "merged_from": memory.merged_from,
        "based_on": memory.based_on,
        "holds_if": memory.holds_if,
        "source": {key: value for key, value in vars(memory.source).items() if value},
    }
    return {key: value for key, value in front.items() if value}
