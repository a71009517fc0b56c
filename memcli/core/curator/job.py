"""A job for a curator: the home of its value, its JSON form and its hash.

A job is the whole of what a curator is told, and a function of the memories it is about: made again from the same
memories it is the same job with the same id. What is allowed is decided by the job that mem holds, never by the copy
that a curator had in its hands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from memcli.core.curator.instructions import instructions
from memcli.core.review.candidates import text_hash

SCHEMA = "memcli/curator@1"
DREAM, DISTIL, REVIEW, GENERALISE = "dream", "distil", "review", "generalise"
EDIT, MERGE, SUPERSEDE, RETIRE, ASK, ADD, VERDICT = (
    "edit", "merge", "supersede", "retire", "attention", "add", "verdict",
)  # fmt: skip
FORMS: Mapping[str, tuple[str, ...]] = {
    DREAM: (EDIT, MERGE, SUPERSEDE, RETIRE, ASK),
    DISTIL: (ADD,),
    REVIEW: (VERDICT,),
    GENERALISE: (ADD,),
}
"""Job → the forms of edits that it takes."""


@dataclass(frozen=True)
class Limits:
    """What an answer may hold: edits, bytes of one body, bytes of all, memories to retire (without a person's word)."""

    edits: int = 200
    body: int = 16_384
    total: int = 1 << 20
    retire: int = 1


@dataclass(frozen=True)
class JobMemory:
    """A memory's file as the curator is shown it; one that is not `editable` is context, `why` says what forbids it."""

    id: str
    path: str
    title: str
    text: str
    editable: bool = False
    why: str = ""

    @property
    def sha256(self) -> str:
        return text_hash(self.text)


@dataclass(frozen=True)
class Pair:
    """Memories that belong together in a way that could not be decided without reading, and what was found."""

    ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Proposed:
    """A candidate of the session in question: `change` as reviews call it, its file, and the diff."""

    id: str
    change: str
    title: str
    path: str
    text: str
    diff: str


@dataclass(frozen=True)
class Remark:
    """A finding of the gate."""

    check: str
    severity: str
    id: str
    message: str


@dataclass(frozen=True)
class Job:
    """`notes` are files of the session by name (its summary, what it committed); `left_out`: what had no room."""

    kind: str
    memories: tuple[JobMemory, ...] = ()
    pairs: tuple[Pair, ...] = ()
    limits: Limits = Limits()
    session: str = ""
    task: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[Proposed, ...] = ()
    findings: tuple[Remark, ...] = ()
    left_out: int = 0

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of edits that the job takes."""
        return FORMS[self.kind]

    @property
    def id(self) -> str:
        """The hash of all it says: 32 hex digits."""
        return text_hash(json.dumps(self._content(), sort_keys=True))[:32]

    def document(self, texts: bool = True) -> dict[str, Any]:
        """The job as JSON has it; without `texts` the memories are named by their files."""
        content = self._content()
        if not texts:
            for memory in content["memories"]:
                del memory["text"]
                memory["file"] = memory_file(memory["id"])
        return {"schema": SCHEMA, "id": self.id, **content}

    def to_json(self, texts: bool = True) -> str:
        """The document as text."""
        return json.dumps(self.document(texts), ensure_ascii=False, indent=1) + "\n"

    def _content(self) -> dict[str, Any]:
        return {
            "job": self.kind,
            "instructions": list(instructions(self.kind)),
            "forms": list(self.forms),
            "limits": asdict(self.limits),
            "memories": [_memory(one) for one in self.memories],
            "pairs": [{"ids": list(one.ids), "reason": one.reason} for one in self.pairs],
            "session": self.session or None,
            "task": self.task,
            "notes": dict(self.notes),
            "candidates": [asdict(one) for one in self.candidates],
            "findings": [asdict(one) for one in self.findings],
            "left_out": self.left_out,
        }


def _memory(one: JobMemory) -> dict[str, Any]:
    said = {"id": one.id, "path": one.path, "title": one.title, "editable": one.editable, "sha256": one.sha256}
    return {**said, **({"why": one.why} if one.why else {}), "text": one.text}


def memory_file(memory_id: str) -> str:
    """Where a memory lies in a prepared directory."""
    return f"memories/{memory_id}.md"
