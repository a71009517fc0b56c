"""Fusion: what each channel says of a memory, made one score. All weights are here.

The rule, `WEIGHTED`: the sum of weight times score over the channels, over the weights of those that found anything;
ties go by id. Words are scaled by the best match, meaning is the bare cosine: ranks say nothing about how much better
the first one is, which is where reciprocal rank fusion (`RRF`, kept for comparison) loses to words alone.
docs/benchmarks.md has the ablation.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "exact": 2.0,
    "anchor": 1.0,
    "lexical": 1.0,
    "adjacent": 0.3,
    "dense": 2.0,
    "recency": 0.02,
    "importance": 0.02,
    "neighbours": 2.0,
}
"""A memory that is named stands above the best match of words; recency and importance only settle what is close."""
TABLE = 0.75
"""What the cosine of a static table counts for: it knows words, not sentences."""
WEIGHTED, RRF = "weighted", "rrf"
RULES = (WEIGHTED, RRF)
RANKED = ("exact", "anchor", "lexical", "dense")
"""The channels of RRF: those that find memories by themselves."""
K = 60
Channels = Mapping[str, Mapping[str, float]]
"""Channel → {id: score}."""


def weights(embedder: str | None) -> Mapping[str, float]:
    """What the channels count for where an embedder of this name (None: none) has searched."""
    return {**WEIGHTS, "dense": TABLE} if embedder and embedder.startswith("static") else WEIGHTS


def fuse(channels: Channels, rule: str = WEIGHTED, weighing: Mapping[str, float] = WEIGHTS) -> list[tuple[str, float]]:
    """(id, fused score from 0 to 1) of all that any channel found, best first, ties by id."""
    return best_first(_reciprocal(channels) if rule == RRF else _weighted(channels, weighing))


def best_first(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Scores best first, ties by id."""
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


def ranks(scores: Mapping[str, float]) -> dict[str, int]:
    """The rank of each memory by its score, 1 = best."""
    return {memory_id: rank for rank, (memory_id, _) in enumerate(best_first(scores), 1)}


def total(channels: Channels, weighing: Mapping[str, float]) -> dict[str, float]:
    """The weighted sum of each memory's scores, not yet scaled."""
    totals: dict[str, float] = {}
    for name, scores in channels.items():
        for memory_id, score in scores.items():
            totals[memory_id] = totals.get(memory_id, 0.0) + weighing[name] * score
    return totals


def _weighted(channels: Channels, weighing: Mapping[str, float]) -> dict[str, float]:
    scale = sum(weighing[name] for name, scores in channels.items() if scores) or 1.0
    return {memory_id: score / scale for memory_id, score in total(channels, weighing).items()}


def _reciprocal(channels: Channels) -> dict[str, float]:
    """The sum of 1 / (60 + rank), over the most that can be had."""
    rankings = [ranks(channels[name]) for name in RANKED if channels.get(name)]
    scores: dict[str, float] = {}
    for places in rankings:
        for memory_id, rank in places.items():
            scores[memory_id] = scores.get(memory_id, 0.0) + (K + 1) / (K + rank) / len(rankings)
    return scores
