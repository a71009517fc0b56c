"""Keys whose claims go back and forth, or hold at the same time: only a person knows which one is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from memcli.core.dream.steps import ATTENTION, MERGE, Step
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import CONTRADICTION
from memcli.core.review.candidates import normalised_body


def flip_flops(timeline: Sequence[Memory]) -> Iterator[Step]:
    """A question about the last memory of a timeline where it repeats the claim before the previous one: A→B→A."""
    memories = _asserted(timeline)
    changes = [memory for n, memory in enumerate(memories) if n == 0 or _differ(memories[n - 1], memory)]
    if len(changes) < 3 or changes[-1].status != "active" or _differ(changes[-1], changes[-3]):
        return
    first, second, repeated = changes[-3:]
    reason = "repeats a claim that was superseded in between"
    yield Step(MERGE, repeated.id, ATTENTION, reason, (second.id, first.id), CONTRADICTION)


def simultaneous_claims(timeline: Sequence[Memory]) -> Iterator[Step]:
    """A question about each claim that starts at the same time as a different one: their order is arbitrary."""
    for earlier, later in pairwise(_asserted(timeline)):
        if earlier.starts == later.starts and _differ(earlier, later) and later.status == "active":
            reason = "another claim with its key holds from the same time on"
            yield Step(MERGE, later.id, ATTENTION, reason, (earlier.id,), CONTRADICTION)


def _asserted(timeline: Sequence[Memory]) -> list[Memory]:
    return [memory for memory in timeline if memory.status in ("active", "superseded")]


def _differ(memory: Memory, other: Memory) -> bool:
    return normalised_body(memory.body) != normalised_body(other.body)
