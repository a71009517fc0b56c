"""Keys whose claims go back and forth, or stand beside each other: a machine does not know which one holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from memcli.core.dream.steps import ATTENTION, MERGE, Step
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import normalised_body


def swung(line: Sequence[Memory]) -> Iterator[Step]:
    """The last memory of a timeline, where it says again what was said before another claim: A→B→A."""
    told = [one for one in line if one.status in ("active", "superseded")]
    changed = [one for place, one in enumerate(told) if place == 0 or _differ(told[place - 1], one)]
    if len(changed) < 3 or changed[-1].status != "active" or _differ(changed[-1], changed[-3]):
        return
    now, between, before = changed[-1], changed[-2], changed[-3]
    yield Step(MERGE, now.id, ATTENTION, "says again what was superseded in between", (between.id, before.id))


def claimed_at_once(line: Sequence[Memory]) -> Iterator[Step]:
    """Two claims of one key from one time on: their order is a toss-up."""
    told = [one for one in line if one.status in ("active", "superseded")]
    for earlier, later in pairwise(told):
        if earlier.starts == later.starts and _differ(earlier, later) and later.status == "active":
            yield Step(
                MERGE, later.id, ATTENTION, "another claim of its key holds from the same time on", (earlier.id,)
            )


def _differ(one: Memory, other: Memory) -> bool:
    return normalised_body(one.body) != normalised_body(other.body)
