"""Merging the status: a memory that one side took out of use and the other edited stays in use until a person decides.

Every reader passes over what is out of use: the edit and the question about it would not be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from memcli.core.memory.document import Document, Value
from memcli.core.memory.key_types import retirement_reason
from memcli.core.memory.keys import KEEP_BOTH, KEYS, UNION
from memcli.core.merge.conflict import OtherValues, encode_value
from memcli.core.merge.part_conflict import PartConflict

UPKEEP = frozenset(key.name for key in KEYS if key.merge not in (KEEP_BOTH, UNION))
"""Keys whose change does not change what a memory says."""


@dataclass(frozen=True)
class StatusMerge:
    """Two sides with the status that each brings into the merge, the conflict between them, and what gave way."""

    first: Document
    second: Document
    conflicts: list[PartConflict] = field(default_factory=list)
    others: OtherValues = field(default_factory=dict)


def merge_status(base: Document, first: Document, second: Document) -> StatusMerge:
    """The sides for a merge by key: one that took out of use what the other edited is in use like the other.

    Where both took it out of use, in different ways, the sides stay as they are and the nearer status gives way. On a
    timeline being superseded says nothing of what is in the memory.
    """
    is_keyed = any(side.get("key") is not None for side in (base, first, second))
    ends = {"retired"} if is_keyed else {"retired", "superseded"}
    ended = [side for side in (first, second) if _status(side) in ends]
    if not base.entries or _status(base) in ends or not ended or _status(first) == _status(second):
        return StatusMerge(first, second)
    conflict = PartConflict("status", _status(base), _status_text(first), _status_text(second))
    if len(ended) == 2:
        return StatusMerge(first, second, [conflict], {"status": frozenset({"superseded"})})
    gone, edited = (first, second) if ended == [first] else (second, first)
    if without_upkeep(edited) == without_upkeep(base):
        return StatusMerge(first, second)
    names = ("status", "retired") if is_keyed else ("status", "retired", "superseded_by")
    others = {name: frozenset({encode_value(value)}) for name in names if (value := gone.get(name)) is not None}
    in_use = gone.with_values({name: edited.get(name) for name in names})
    sides = (in_use, second) if gone is first else (first, in_use)
    return StatusMerge(*sides, [conflict], others)


def without_upkeep(document: Document) -> tuple[dict[str, Value], str]:
    """What a memory says: its front matter without upkeep, and its body."""
    return {key: value for key, value in document.front().items() if key not in UPKEEP}, document.body


def _status(document: Document) -> str:
    return str(document.get("status") or "active")


def _status_text(document: Document) -> str:
    """A status with what it follows from."""
    status = _status(document)
    why = retirement_reason(document.get("retired")) or document.get("superseded_by")
    return f"{status}: {why}" if why and status != "active" else status
