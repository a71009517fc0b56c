"""One memory as a typed value, its fields those of the table `keys`, and the front matter of a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Value
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.instants import format_instant
from memcli.core.memory.key_types import EVIDENCE, KINDS, MAX_TITLE, STATUSES, TYPES, Source, Verified
from memcli.core.memory.keys import FIELDS
from memcli.core.memory.questions import Question, conflict_question, dated_questions

__all__ = ["EVIDENCE", "KINDS", "MAX_TITLE", "STATUSES", "TYPES", "Memory", "Source", "Verified", "front_matter",
           "memory_text", "strength"]  # fmt: skip


@dataclass(frozen=True)
class Memory:
    """A memory: the text, and a field for every row of the table `keys` that has a type."""

    id: MemoryId
    title: str
    kind: str
    type: str
    topic: str
    body: str
    created: datetime
    modified: datetime
    status: str = "active"
    retired: str = ""
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
    conflict_other: tuple[tuple[str, str], ...] = ()
    attention: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    superseded_by: str | None = None
    merged_from: tuple[str, ...] = ()
    based_on: tuple[str, ...] = ()
    holds_if: tuple[str, ...] = ()
    outcome: str | None = None
    source: Source = field(default_factory=Source)

    def verified_at(self, instant: datetime) -> bool:
        """Whether it was confirmed at exactly this instant."""
        return self.verified is not None and self.verified.at == instant

    @property
    def questions(self) -> tuple[Question, ...]:
        """All its open questions, its conflict first; those without a day are as old as its last change."""
        day = format_instant(self.modified)[:10]
        parts = self.conflict_parts
        conflict = [conflict_question(parts, day)] if self.conflict or parts else []
        return (*conflict, *dated_questions(self.attention, day))

    @property
    def conflict_parts(self) -> tuple[str, ...]:
        """What the versions of a conflict are known to differ in: names of keys, its status with both reasons."""
        others = (("title", ""), *self.conflict_other) if self.title_other else self.conflict_other
        names = dict.fromkeys(name for name, _ in others)
        if not names.keys() & {"status", "retired"}:
            return tuple(names)
        keys = (name for name in names if name not in ("status", "retired", "superseded_by"))
        return (f"status: {self._state_text()} against {self._other_state_text()}", *keys)

    def _state_text(self) -> str:
        why = self.retired if self.status == "retired" else ""
        return f"{self.status} ({why})" if why else self.status

    def _other_state_text(self) -> str:
        """The status that gave way in a conflict, with the reasons that are recorded for it."""
        states, reasons = (
            [text for name, text in self.conflict_other if name == key and text] for key in ("status", "retired")
        )
        state = ", ".join(states) or self.status
        return f"{state} ({'; '.join(reasons)})" if reasons else state

    @property
    def starts(self) -> datetime:
        """The start of its interval on the timeline of its key."""
        return self.valid_from or self.created


def memory_text(memory: Memory) -> str:
    """The text of a memory: its title and its body."""
    return f"{memory.title}\n{memory.body}"


def strength(memory: Memory | None) -> int:
    """How much a memory's evidence weighs: 0 for inference or none, 4 for code."""
    return len(EVIDENCE) - 1 - EVIDENCE.index((memory and memory.evidence) or "inference")


def front_matter(memory: Memory) -> dict[str, Value]:
    """The front matter of a new memory, in the order of the table; keys without a value are left out."""
    values = {key.name: key.type.write(key.of(memory)) for key in FIELDS if key.type}
    return {name: value for name, value in values.items() if value}
