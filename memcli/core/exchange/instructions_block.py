"""The most important memories as one block of markdown for AGENTS.md or CLAUDE.md, within a budget of tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.exchange.memory_digest import body_lines, titled_digest
from memcli.core.memory.identity import short
from memcli.core.memory.key_types import EVIDENCE, TYPES
from memcli.core.pack.frame import clean
from memcli.core.text.marked_block import exported_block
from memcli.core.text.tokens import token_count

DEFAULT_BUDGET = 2000
"""Tokens."""
_EXCERPT = 400
"""Characters of a memory's text; `mem show` has the rest."""
_TITLES = {
    "constraint": "Constraints",
    "stability": "Stability and ownership",
    "decision": "Decisions",
    "preference": "Preferences",
    "procedure": "How to",
    "fact": "Facts",
    "attempt": "What was tried",
    "event": "What happened",
}
_INTRODUCTION = "From this project's memory: `mem show ID` prints one in full, `mem recall WORDS` finds more."


@dataclass(frozen=True)
class InstructionsBlock:
    """The block with its marks, empty without memories; how many memories it has, and how many had no room."""

    text: str
    shown: int
    left: int


def instructions_block(memories: Sequence[ExportedMemory], budget: int = DEFAULT_BUDGET) -> InstructionsBlock:
    """The block of the memories that are in use, the most important first, of at most `budget` tokens."""
    active = sorted((exported for exported in memories if exported.memory.status == "active"), key=_order)
    room = budget - token_count(_block([])) - 16
    shown: list[ExportedMemory] = []
    titles: set[str] = set()
    for exported in active:
        title = _title(exported)
        cost = token_count(_line(exported) + "\n") + (0 if title in titles else token_count(f"\n### {title}\n\n"))
        if cost <= room:
            shown.append(exported)
            titles.add(title)
            room -= cost
    left = len(active) - len(shown)
    return InstructionsBlock(_block(shown, left) if active else "", len(shown), left)


def _order(exported: ExportedMemory) -> tuple[object, ...]:
    """Pinned first, then by stated importance, by what a memory is, by evidence, and the newest first."""
    memory = exported.memory
    importance = 0.5 if memory.importance is None else memory.importance
    kinds = list(_TITLES)
    rank = kinds.index(memory.type) if memory.type in kinds else kinds.index("fact")
    evidence = EVIDENCE.index(memory.evidence or "inference")
    return (
        not memory.pin,
        bool(exported.undecided),
        -importance,
        rank,
        evidence,
        -memory.modified.timestamp(),
        memory.id,
    )


def _title(exported: ExportedMemory) -> str:
    return _TITLES[exported.memory.type if exported.memory.type in TYPES else "fact"]


def _block(shown: Iterable[ExportedMemory], left: int = 0) -> str:
    lines = ["## Project memory", "", _INTRODUCTION]
    listed = list(shown)
    for title in _TITLES.values():
        if section := [exported for exported in listed if _title(exported) == title]:
            lines += ["", f"### {title}", "", *map(_line, section)]
    if left:
        lines += ["", f"{left} more: `mem list`."]
    return exported_block("\n".join(lines))


def _line(exported: ExportedMemory) -> str:
    """A memory as one item of a list, which no text can end; the steps of a short procedure keep their lines."""
    memory = exported.memory
    undecided = f"**{exported.undecided}** " if exported.undecided else ""
    lines = list(body_lines(memory))
    if memory.type == "procedure" and len(lines) > 1 and sum(map(len, lines)) <= _EXCERPT:
        return "\n".join((f"- {undecided}{clean(memory.title)} `{short(memory.id)}`", *(f"  {line}" for line in lines)))
    return f"- {undecided}{titled_digest(memory, _EXCERPT)} `{short(memory.id)}`"
