"""One memory as a typed value: field by field what docs/format.md says, and how a new one is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Value
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.instants import format_instant

KINDS = ("semantic", "procedural", "episodic")
TYPES = ("fact", "decision", "constraint", "preference", "stability", "procedure", "event", "attempt")
STATUSES = ("active", "superseded", "retired", "withdrawn")
EVIDENCE = ("code", "test", "human", "document", "inference")
"""Strongest first."""
MAX_TITLE = 120


@dataclass(frozen=True)
class Source:
    session: str | None = None
    agent: str | None = None
    commit: str | None = None
    ref: str | None = None


@dataclass(frozen=True)
class Verified:
    """When somebody, or `holds_if`, last confirmed a memory against the code, and at which commit of it."""

    at: datetime
    commit: str | None = None

    def front(self) -> dict[str, Value]:
        """As front matter has it."""
        return {"at": format_instant(self.at), **({"commit": self.commit} if self.commit else {})}


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
    verified: Verified | None = None
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

    def verified_at(self, instant: datetime) -> bool:
        """Whether it was confirmed at this very instant."""
        return self.verified is not None and self.verified.at == instant

    @property
    def starts(self) -> datetime:
        """Where it stands on its key's timeline."""
        return self.valid_from or self.created


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
        "verified": memory.verified.front() if memory.verified else None,
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
