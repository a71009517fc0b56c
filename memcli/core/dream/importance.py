"""Importance: how much a memory weighs among others that match a query equally well. Never a reason to retire it.

    importance = FLOOR + (1 - FLOOR) * (0.5 * use + 0.3 * evidence + 0.2 * youth)

`use` is 1 - 0.5 ** (reads / 3): three reads count half of what any number of reads can. `evidence` goes from 0.2
(inference, or none) to 1 (code) in even steps. `youth` is 0.5 ** (days since the last change / 180): it halves in half
a year. The result is rounded to a tenth, so that a dream only changes a file where it makes a difference.
"""

from __future__ import annotations

from datetime import datetime

from memcli.core.memory.memory import EVIDENCE, Memory, strength

FLOOR, HALF_READS, HALF_LIFE_DAYS = 0.2, 3, 180
DEFAULT = 0.5
"""The importance of a memory whose file states none."""
LEAST_CHANGE = 0.15
"""A smaller difference is ignored."""


def computed_importance(memory: Memory, reads: int, now: datetime) -> float:
    """The importance of a memory that was shown `reads` times, 0 to 1."""
    use = 1 - 0.5 ** (reads / HALF_READS)
    evidence = (strength(memory) + 1) / len(EVIDENCE)
    youth = 0.5 ** (max(0, (now - memory.modified).days) / HALF_LIFE_DAYS)
    return float(round(FLOOR + (1 - FLOOR) * (0.5 * use + 0.3 * evidence + 0.2 * youth), 1))


def changed_importance(memory: Memory, reads: int, now: datetime) -> float | None:
    """The new importance where it differs enough from the stated one, else None."""
    computed = computed_importance(memory, reads, now)
    stated = DEFAULT if memory.importance is None else memory.importance
    return computed if abs(computed - stated) >= LEAST_CHANGE else None
