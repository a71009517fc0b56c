"""Recall: a query to the few memories that answer it, or to the statement that none does.

Fusion, the one rule: a memory's score is the sum of weight times score over the channels, divided by the weights of the
channels that found anything; ties go by id. The lexical channel is scaled by its best score, not by ranks, which say
nothing about how much better the first one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from memcli.core import document
from memcli.core.record import Filters, Record
from memcli.index.channels import CHANNELS, Question
from memcli.index.snippet import snippet
from memcli.index.view import ACTIVE, View

ENOUGH = 0.2
"""Below this share of the query's idf in its best hits, nothing is known about it. Of 773 answerable queries of six
public sets that loses two (0.3 %); of queries put to a store about something else it stops two in five."""
Weigh = Callable[[Sequence[Record]], Mapping[str, float]]
Ranking = list[tuple[str, float]]
JUDGED = 5
"""How many of the best hits are asked for their share."""


@dataclass(frozen=True)
class ChannelScore:
    """What one channel says of a hit: its rank there (1 = best), its score, the channel's weight."""

    rank: int
    score: float
    weight: float


@dataclass(frozen=True)
class Hit:
    """A memory found: `score` from 0 to 1 within its answer, and a line of its body that says why."""

    record: Record
    score: float
    channels: Mapping[str, ChannelScore]
    snippet: str


@dataclass(frozen=True)
class Answer:
    """The hits, best first; `abstained`: nothing relevant is known, so none are shown; `coverage` is what told that."""

    hits: tuple[Hit, ...]
    abstained: bool
    coverage: float


def search(view: View, query: str, filters: Filters = ACTIVE, limit: int = 10, weigh: Weigh | None = None) -> Answer:
    """The best memories for a query, at most `limit`; `weigh` gives factors (0 to 1) on scores by id."""
    question = Question.of(view, query, filters)
    found = {name: channel(question) for name, (channel, _) in CHANNELS.items()}
    ranking = fuse(found)
    if weigh:
        ranking = _weighed(view, ranking, limit + JUDGED, weigh)
    best = [memory_id for memory_id, _ in ranking[: max(limit, JUDGED)]]
    records = view.those(best)
    covered = coverage(question, [records[memory_id] for memory_id in best[:JUDGED]])
    if question.frequencies and not found["exact"] and covered < ENOUGH:
        return Answer((), True, covered)
    channels = {name: _scores(name, scores) for name, scores in found.items()}
    hits = [
        Hit(
            records[memory_id],
            score,
            {name: scores[memory_id] for name, scores in channels.items() if memory_id in scores},
            snippet(document.parse(view.text(records[memory_id])).body, question.idfs),
        )
        for memory_id, score in ranking[:limit]
    ]
    return Answer(tuple(hits), False, covered)


def _weighed(view: View, ranking: Ranking, reach: int, weigh: Weigh) -> Ranking:
    """The ranking with its best scores weighed, in its new order."""
    records = view.those([memory_id for memory_id, _ in ranking[:reach]])
    factors = weigh(list(records.values()))
    weighed = [(memory_id, score * factors.get(memory_id, 1.0)) for memory_id, score in ranking]
    return sorted(weighed, key=lambda hit: (-hit[1], hit[0]))


def fuse(found: Mapping[str, Mapping[str, float]]) -> Ranking:
    """(id, fused score) of all that any channel found, best first; see the top of this module for the rule."""
    answering = {name: CHANNELS[name][1] for name, scores in found.items() if scores}
    totals: dict[str, float] = {}
    for name, weight in answering.items():
        for memory_id, score in found[name].items():
            totals[memory_id] = totals.get(memory_id, 0.0) + weight * score
    scale = sum(answering.values())
    return sorted(
        ((memory_id, total / scale) for memory_id, total in totals.items()), key=lambda hit: (-hit[1], hit[0])
    )


def coverage(question: Question, records: list[Record]) -> float:
    """The largest share of the query's idf that one of the memories holds: 1 where it has all terms, 0 for none."""
    mass = sum(map(question.idf, question.frequencies))
    held = [question.view.fulltext.terms_of(record.ref, record.path) for record in records]
    shares = (sum(question.idf(term) for term in question.frequencies if term in terms) for terms in held)
    return max(shares, default=0.0) / mass if mass else 0.0


def _scores(name: str, scores: Mapping[str, float]) -> dict[str, ChannelScore]:
    order = sorted(scores, key=lambda memory_id: (-scores[memory_id], memory_id))
    return {
        memory_id: ChannelScore(rank, scores[memory_id], CHANNELS[name][1]) for rank, memory_id in enumerate(order, 1)
    }
