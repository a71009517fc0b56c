"""Importance: how much a memory weighs beside others that answer a question as well. Never a reason to retire one.

    importance = FLOOR + (1 - FLOOR) * (0.5 * use + 0.3 * evidence + 0.2 * youth)

`use` is 1 - 0.5 ** (reads / 3): three reads are half of what many can give. `evidence` goes from 0.2 (inference, or
none) to 1 (code) in even steps. `youth` is 0.5 ** (days since it was modified / 180): half of it is left after half a
year. The result is rounded to a tenth, so that a dream changes a file only where it makes a difference.
"""

from __future__ import annotations

from datetime import datetime

from memcli.core.memory.memory import EVIDENCE, Memory
from memcli.core.review.checks.keys import strength

FLOOR, READS, HALF_LIFE = 0.2, 3, 180
PLAIN = 0.5
"""What a memory counts as that says nothing of its importance."""
STEP = 0.15
"""A difference below this is none."""


def importance(memory: Memory, reads: int, now: datetime) -> float:
    """The importance of a memory that was shown so often, 0 to 1."""
    use = 1 - 0.5 ** (reads / READS)
    evidence = (strength(memory) + 1) / len(EVIDENCE)
    youth = 0.5 ** (max(0, (now - memory.modified).days) / HALF_LIFE)
    return float(round(FLOOR + (1 - FLOOR) * (0.5 * use + 0.3 * evidence + 0.2 * youth), 1))


def reweighed(memory: Memory, reads: int, now: datetime) -> float | None:
    """The new importance where it differs enough from what is said; None where it does not."""
    found = importance(memory, reads, now)
    said = PLAIN if memory.importance is None else memory.importance
    return found if abs(found - said) >= STEP else None
