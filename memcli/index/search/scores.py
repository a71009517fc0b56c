"""What the channels say of one question, gathered: the candidates, each scored by every channel.

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
from memcli.index.search.fusion import RRF, WEIGHTED, ordered, total, weights
from memcli.index.search.query import Question


@dataclass(frozen=True)
class Gathered:
    """`channels`: what each says of the candidates, whose `records` are here too; `near`: the best cosines of all,
    made by `embedder`; `weights`: what each channel counts for."""

    channels: Mapping[str, Scores]
    records: Mapping[str, MemorySummary]
    near: Scores
    embedder: str | None
    weights: Mapping[str, float]


def gather(question: Question, rule: str = WEIGHTED) -> Gathered:
    """Ask every channel."""
    found = {name: channel(question) for name, channel in FINDING.items()}
    dense = question.view.dense
    embedder = dense.embedder.name if dense and found["dense"] else None
    weighing = weights(embedder)
    records = question.view.those(dict.fromkeys(_candidates(found)))
    channels = {**found, "adjacent": adjacent(question, found["lexical"])}
    channels = _complete(question, channels, records)
    if rule != RRF:
        raised = lifts(question.view.neighbours, ordered(total(channels, weighing)), records, question.filters)
        records |= question.view.those(one for one in raised if one not in records)
        channels = _complete(question, {**found, "adjacent": channels["adjacent"]}, records)
        channels |= {name: judge(records) for name, judge in JUDGING.items()}
        channels["neighbours"] = {one: min(1.0, lift / weighing["neighbours"]) for one, lift in raised.items()}
    return Gathered(channels, records, found["dense"], embedder, weighing)


def _candidates(found: Mapping[str, Scores]) -> Iterator[str]:
    """The best of each channel; what only meaning finds must be more than faintly near."""
    for name, scores in found.items():
        least = FAINT if name == "dense" else 0.0
        yield from (memory_id for memory_id, score in islice(scores.items(), DEPTH) if score >= least)


def _complete(
    question: Question, found: Mapping[str, Scores], records: Mapping[str, MemorySummary]
) -> dict[str, Scores]:
    """The channels' scores of all these memories, also of those that another channel found."""
    channels = {name: {one: score for one, score in scores.items() if one in records} for name, scores in found.items()}
    channels["dense"] |= nearness(question, (one for one in records if one not in channels["dense"]))
    return channels
