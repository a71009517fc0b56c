"""A job for a curator: its value, its JSON and its id.

A job is everything a curator is told, and a function of the memories it is about: the same memories give the same job
with the same id. Edits are judged by the job that mem makes anew, never by the copy that the curator returns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from memcli.core.curator.instructions import job_instructions
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
"""Kind of job → the forms of edits that it takes."""


@dataclass(frozen=True)
class Limits:
    """Limits of an answer: edits, bytes of one body, bytes of all bodies, retirements (unless a person forces more)."""

    edits: int = 200
    body: int = 16_384
    total: int = 1 << 20
    retire: int = 1


@dataclass(frozen=True)
class JobMemory:
    """A memory's file as the curator sees it; `why`: the reason why it is not `editable` but context."""

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
    """Memories whose relation cannot be decided without understanding them, and what was found about them."""

    ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class JobCandidate:
    """A candidate of the job's session: its change as a review names it, its file and its diff."""

    id: str
    change: str
    title: str
    path: str
    text: str
    diff: str


@dataclass(frozen=True)
class JobFinding:
    """A finding of the review gate."""

    check: str
    severity: str
    id: str
    message: str


@dataclass(frozen=True)
class Job:
    """What a curator is asked to do.

    `notes`: files of the session by name (its summary, its commits); `left_out`: how many items had no room.
    """

    kind: str
    memories: tuple[JobMemory, ...] = ()
    pairs: tuple[Pair, ...] = ()
    limits: Limits = Limits()
    session: str = ""
    task: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[JobCandidate, ...] = ()
    findings: tuple[JobFinding, ...] = ()
    left_out: int = 0

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of edits that the job takes."""
        return FORMS[self.kind]

    @property
    def id(self) -> str:
        """The hash of the content: 32 hex digits."""
        return text_hash(json.dumps(self._content(), sort_keys=True))[:32]

    def document(self, texts: bool = True) -> dict[str, Any]:
        """The JSON document; without `texts` each memory names its file in place of the text."""
        content = self._content()
        if not texts:
            for memory in content["memories"]:
                del memory["text"]
                memory["file"] = memory_file_name(memory["id"])
        return {"schema": SCHEMA, "id": self.id, **content}

    def to_json(self, texts: bool = True) -> str:
        """The JSON document as text."""
        return json.dumps(self.document(texts), ensure_ascii=False, indent=1) + "\n"

    def _content(self) -> dict[str, Any]:
        return {
            "job": self.kind,
            "instructions": list(job_instructions(self.kind)),
            "forms": list(self.forms),
            "limits": asdict(self.limits),
            "memories": [_memory_fields(memory) for memory in self.memories],
            "pairs": [{"ids": list(pair.ids), "reason": pair.reason} for pair in self.pairs],
            "session": self.session or None,
            "task": self.task,
            "notes": dict(self.notes),
            "candidates": [asdict(candidate) for candidate in self.candidates],
            "findings": [asdict(finding) for finding in self.findings],
            "left_out": self.left_out,
        }


def _memory_fields(memory: JobMemory) -> dict[str, Any]:
    why = {"why": memory.why} if memory.why else {}
    return {
        "id": memory.id, "path": memory.path, "title": memory.title, "editable": memory.editable,
        "sha256": memory.sha256, **why, "text": memory.text,
    }  # fmt: skip


def memory_file_name(memory_id: str) -> str:
    """The name of a memory's file in a prepared directory."""
    return f"memories/{memory_id}.md"
