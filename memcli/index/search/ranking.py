"""Recall: a query to the few memories that answer it, or to the statement that none does.

What the channels say is gathered (`gathering`) and made one score (`fusion`); `abstention` tells whether it is worth
showing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from memcli.core.memory import document
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.index.database.view import ACTIVE, View
from memcli.index.search.abstention import JUDGED, Evidence, enough, evidence
from memcli.index.search.fusion import WEIGHTED, fuse, ordered, ranks
from memcli.index.search.query import Question
from memcli.index.search.scores import Gathered, gather
from memcli.index.search.snippet import snippet

WEIGHED = 50
"""So many of the best are weighed before the final order, or twice what is asked for."""
Weigh = Callable[[Sequence[MemorySummary]], Mapping[str, float]]


@dataclass(frozen=True)
class ChannelScore:
    """What one channel says of a hit: its rank there (1 = best), its score, the channel's weight."""

    rank: int
    score: float
    weight: float


@dataclass(frozen=True)
class Hit:
    """A memory found: `score` from 0 to 1 within its answer, and a line of its body that says why."""

    record: MemorySummary
    score: float
    channels: Mapping[str, ChannelScore]
    snippet: str


@dataclass(frozen=True)
class Answer:
    """The hits, best first; `abstained`: nothing relevant is known, so none are shown; `coverage` and `cosine` of the
    best are what told that."""

    hits: tuple[Hit, ...]
    abstained: bool
    coverage: float
    cosine: float = 0.0


def search(
    view: View,
    query: str,
    filters: Filters = ACTIVE,
    limit: int = 10,
    *,
    like: str = "",
    paths: Sequence[str] = (),
    rule: str = WEIGHTED,
    weigh: Weigh | None = None,
) -> Answer:
    """The best memories for a query, at most `limit`; `like`: a supposed answer, searched for too; `paths`: the code in
    question; `weigh`: factors from 0 to 1 on the scores of the best, by id."""
    question = Question.of(view, query, filters, like, tuple(paths))
    found = _ranked(question, rule)
    coverage, cosine = found.told.coverage, found.told.cosine
    if not found.known:
        return Answer((), True, coverage, cosine)
    ranking = _weighed(found.ranking, found.gathered.records, weigh, max(WEIGHED, 2 * limit))[:limit]
    return Answer(tuple(_hits(question, ranking, found.gathered)), False, coverage, cosine)


def best(view: View, query: str, filters: Filters = ACTIVE, limit: int = 10, *, like: str = "") -> list[str]:
    """The ids of what `search` finds, without what is shown of it."""
    found = _ranked(Question.of(view, query, filters, like), WEIGHTED)
    return [memory_id for memory_id, _ in found.ranking[:limit]] if found.known else []


class _Found(NamedTuple):
    """The ranking of what was gathered, what speaks for its best, and whether that makes anything relevant known."""

    ranking: list[tuple[str, float]]
    gathered: Gathered
    told: Evidence
    known: bool


def _ranked(question: Question, rule: str) -> _Found:
    gathered = gather(question, rule)
    ranking = fuse(gathered.channels, rule, gathered.weights)
    told = _evidence(question, ranking, gathered)
    known = not question.frequencies or enough(gathered.embedder, told, gathered.channels)
    return _Found(ranking, gathered, told, known)


def _evidence(question: Question, ranking: Sequence[tuple[str, float]], gathered: Gathered) -> Evidence:
    """What speaks for the best of a ranking."""
    best = [gathered.records[memory_id] for memory_id, _ in ranking[:JUDGED]]
    held = (question.view.fulltext.terms_of(record.ref, record.path) for record in best)
    return evidence(max(map(question.coverage, held), default=0.0), gathered.near.values())


def _weighed(
    ranking: list[tuple[str, float]], records: Mapping[str, MemorySummary], weigh: Weigh | None, most: int
) -> list[tuple[str, float]]:
    if weigh is None:
        return ranking
    best = ranking[:most]
    factors = weigh([records[memory_id] for memory_id, _ in best])
    return ordered({memory_id: score * factors.get(memory_id, 1.0) for memory_id, score in best})


def _hits(question: Question, ranking: Sequence[tuple[str, float]], gathered: Gathered) -> Iterator[Hit]:
    places = {name: ranks(scores) for name, scores in gathered.channels.items()}
    idfs = question.idfs
    for one, score in ranking:
        record = gathered.records[one]
        channels = {
            name: ChannelScore(places[name][one], scores[one], gathered.weights[name])
            for name, scores in gathered.channels.items()
            if one in scores
        }
        yield Hit(record, score, channels, snippet(document.parse_document(question.view.text(record)).body, idfs))
