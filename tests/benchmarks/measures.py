"""How good a ranking is, and how sure that is."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, fields

ROUNDS = 1_000


@dataclass(frozen=True)
class Quality:
    """Of one question, or the mean of many: recall at 1, 5 and 10 (the share of what is relevant), MRR, nDCG at 10."""

    r1: float
    r5: float
    r10: float
    mrr: float
    ndcg: float


def quality(ranking: Sequence[str], relevant: frozenset[str]) -> Quality:
    """The quality of the first ten of a ranking."""
    places = [place for place, found in enumerate(ranking[:10], 1) if found in relevant]
    r1, r5, r10 = (sum(place <= depth for place in places) / len(relevant) for depth in (1, 5, 10))
    gained = sum(1 / math.log2(place + 1) for place in places)
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(10, len(relevant)) + 1))
    return Quality(r1, r5, r10, 1 / places[0] if places else 0.0, gained / ideal)


def mean(found: Sequence[Quality]) -> Quality:
    """The mean of each measure."""
    return Quality(*(statistics.fmean(getattr(one, field.name) for one in found) for field in fields(Quality)))


def interval(values: Sequence[float], rounds: int = ROUNDS) -> tuple[float, float]:
    """The 95 % interval of a mean, by bootstrap over the questions."""
    chance = random.Random(len(values))
    means = sorted(statistics.fmean(chance.choices(values, k=len(values))) for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds) - 1]
