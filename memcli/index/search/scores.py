"""The candidates of a query, each scored by every channel.

The finding channels answer; their best are the candidates; what one of them did not offer is looked up, so that no
score is 0 for want of asking. The best candidates lift their neighbours, which join them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from memcli.core.memory.summary import MemorySummary
from memcli.index.database.neighbours import lifts
from memcli.index.search.channels import DEPTH, FAINT, FINDING, JUDGING, Scores, adjacent, nearness
from memcli.index.search.fusion import RRF, WEIGHTED, best_first, total, weights
from memcli.index.search.query import Query


@dataclass(frozen=True)
class ScoredCandidates:
    """`channels`: what each says of the candidates, whose `records` are here too; `cosines`: the best ones of all,
    made by `embedder`; `weights`: what each channel counts for."""

    channels: Mapping[str, Scores]
    records: Mapping[str, MemorySummary]
    cosines: Scores
    embedder: str | None
    weights: Mapping[str, float]


def score_candidates(query: Query, fusion: str = WEIGHTED) -> ScoredCandidates:
    """Ask every channel."""
    offered = {name: channel(query) for name, channel in FINDING.items()}
    dense = query.view.dense
    embedder = dense.embedder.name if dense and offered["dense"] else None
    weighing = weights(embedder)
    records = query.view.by_ids(dict.fromkeys(_candidates(offered)))
    channels = _complete(query, {**offered, "adjacent": adjacent(query, offered["lexical"])}, records)
    if fusion != RRF:
        lifted = lifts(query.view.neighbours, best_first(total(channels, weighing)), records, query.filters)
        records |= query.view.by_ids(memory_id for memory_id in lifted if memory_id not in records)
        channels = _complete(query, {**offered, "adjacent": channels["adjacent"]}, records)
        channels |= {name: judge(query, records) for name, judge in JUDGING.items()}
        most = weighing["neighbours"]
        channels["neighbours"] = {memory_id: min(1.0, lift / most) for memory_id, lift in lifted.items()}
    return ScoredCandidates(channels, records, offered["dense"], embedder, weighing)


def _candidates(offered: Mapping[str, Scores]) -> Iterator[str]:
    """The best of each channel; what only meaning finds must be more than faintly near."""
    for name, scores in offered.items():
        least = FAINT if name == "dense" else 0.0
        yield from (memory_id for memory_id, score in islice(scores.items(), DEPTH) if score >= least)


def _complete(query: Query, offered: Mapping[str, Scores], records: Mapping[str, MemorySummary]) -> dict[str, Scores]:
    """The channels' scores of all these memories, also of those that another channel found."""
    channels = {
        name: {memory_id: score for memory_id, score in scores.items() if memory_id in records}
        for name, scores in offered.items()
    }
    channels["dense"] |= nearness(query, (memory_id for memory_id in records if memory_id not in channels["dense"]))
    return channels
