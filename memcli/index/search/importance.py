"""Importance: how much a memory weighs among others that match a query equally well. Never a reason to retire it.

    importance = FLOOR + (1 - FLOOR) * use * (0.5 + 0.5 * evidence)

`use` is 1 - 0.5 ** (reads / 3): three reads count half of what any number of reads can. A read counts half as much
after 180 days (`index.storage.use_counts`). `evidence` goes from 0.2 (inference, or none) to 1 (code) in even steps.
What an author stated stands, and a pinned memory weighs most.
"""

from __future__ import annotations

from memcli.core.memory.key_types import EVIDENCE
from memcli.core.memory.summary import MemorySummary

FLOOR, HALF_READS = 0.5, 3
"""The importance of a memory that nobody has read; the reads that count half of what any number can."""


def importance_of(record: MemorySummary, reads: float) -> float:
    """The importance of a memory that was shown so often, 0 to 1."""
    if record.pin:
        return 1.0
    if record.importance is not None:
        return record.importance
    if not reads:
        return FLOOR
    use = 1 - 0.5 ** (reads / HALF_READS)
    evidence = 1 - EVIDENCE.index(record.evidence or "inference") / len(EVIDENCE)
    return FLOOR + (1 - FLOOR) * float(use) * (0.5 + 0.5 * evidence)
