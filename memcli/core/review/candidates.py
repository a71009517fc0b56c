"""Candidates: the differences between a session's recorded base and its tip, one per memory."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from memcli.core.finding import Finding
from memcli.core.memory.memory import Memory
from memcli.core.merge.part_conflict import PartConflict

ADDED, CHANGED, RETIRED, POLICY = "added", "changed", "retired", "policy"


@dataclass(frozen=True)
class CandidateMerge:
    """How a candidate was merged with a later version of its memory in the store.

    `base` is the text that both come from, `theirs` the session's; `changed` names what the store has changed since.
    """

    base: str
    theirs: str
    changed: tuple[str, ...]
    conflicts: tuple[PartConflict, ...]


@dataclass(frozen=True)
class Candidate:
    """A proposed change to the store: in a session, `before` is at its base and `after` at its tip; in a review,
    `before` is what the store says now and `after` what it would say.

    `after` is None where the file cannot be read as a memory; `problems` says why. `merge` is None where the store has
    not changed the memory since the session's base.
    """

    id: str
    change: str
    path: str
    before: Memory | None
    after: Memory | None
    old_text: str
    new_text: str
    problems: tuple[Finding, ...] = ()
    merge: CandidateMerge | None = None

    @property
    def base_text(self) -> str:
        """The text that the session has changed."""
        return self.merge.base if self.merge else self.old_text

    @property
    def conflicts(self) -> tuple[PartConflict, ...]:
        """The parts that the session and the store have both changed, differently."""
        return self.merge.conflicts if self.merge else ()

    @property
    def title(self) -> str:
        memory = self.after or self.before
        return memory.title if memory else self.path

    @property
    def says_news(self) -> bool:
        """Whether it says something that its memory did not say before."""
        before, after = self.before, self.after
        if before is None or after is None:
            return after is not None
        return content_hash(before) != content_hash(after) or before.title != after.title

    @property
    def diff(self) -> str:
        """A unified diff of the file, as `git diff` writes it."""
        import difflib

        lines = difflib.unified_diff(
            self.old_text.splitlines(), self.new_text.splitlines(), f"a/{self.path}", f"b/{self.path}", lineterm=""
        )
        return "\n".join(lines)


def change_of(before: Memory | None, after: Memory | None) -> str:
    """`added`, `changed`, or `retired` where the status went from active to retired."""
    if before is None:
        return ADDED
    if after is not None and after.status == "retired" and before.status != "retired":
        return RETIRED
    return CHANGED


def normalised_body(body: str) -> str:
    """The body in the form in which duplicates are compared: NFC, every run of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", body).split())


def content_of(candidate: Candidate) -> str | None:
    """The hash by which a decision about a candidate is remembered; None where it cannot be read."""
    if candidate.change == POLICY:
        return text_hash(candidate.new_text)
    return content_hash(candidate.after) if candidate.after else None


def text_hash(text: str) -> str:
    """SHA-256 (hex) of a text."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def content_hash(memory: Memory) -> str:
    """SHA-256 (hex) of a memory's kind, key, status and normalised body; not of its id, title or dates."""
    import hashlib

    content = "\0".join((memory.kind, memory.key or "", memory.status, normalised_body(memory.body)))
    return hashlib.sha256(content.encode()).hexdigest()
