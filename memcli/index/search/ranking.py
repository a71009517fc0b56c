"""Search: a query to the few memories that answer it, or to the statement that none does.

What the channels say is gathered (`scores`) and made one score (`fusion`); `abstention` tells whether it is worth
showing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from memcli.core.memory import document
from memcli.core.memory.standing import UNDECIDED_WEIGHT
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.index.database.view import ACTIVE, View
from memcli.index.search.abstention import JUDGED, Evidence, evidence_of, is_enough
from memcli.index.search.fusion import WEIGHTED, best_first, fuse, ranks
from memcli.index.search.query import Query
from memcli.index.search.scores import ScoredCandidates, score_candidates
from memcli.index.search.snippet import snippet

WEIGHED = 50
"""At least so many of the best are weighed before the final order, or twice what is asked for."""
Weigh = Callable[[Sequence[MemorySummary]], Mapping[str, float]]
"""Memories → factors from 0 to 1 on their scores, by id."""


@dataclass(frozen=True)
class SearchRequest:
    """What is searched for: `like` is a hypothetical answer, `paths` the code in question, `fusion` the rule that makes
    one score of the channels'."""

    query: str
    filters: Filters = ACTIVE
    limit: int = 10
    like: str = ""
    paths: Sequence[str] = ()
    fusion: str = WEIGHTED


@dataclass(frozen=True)
class ChannelScore:
    """What one channel says of a hit: its rank there (1 = best), its score, the channel's weight."""

    rank: int
    score: float
    weight: float


@dataclass(frozen=True)
class Hit:
    """A memory found: `score` from 0 to 1 within its result, and a line of its body that says why."""

    record: MemorySummary
    score: float
    channels: Mapping[str, ChannelScore]
    snippet: str


@dataclass(frozen=True)
class SearchResult:
    """The hits, best first; `abstained`: nothing relevant is known, so none are shown; `coverage` and `cosine` of the
    best are what told that."""

    hits: tuple[Hit, ...]
    abstained: bool
    coverage: float
    cosine: float = 0.0


def search(view: View, request: SearchRequest, weigh: Weigh | None = None) -> SearchResult:
    """The best memories for a query, at most `limit`; `weigh` gives factors on the scores of the best."""
    query = Query.of(view, request.query, request.filters, request.like, tuple(request.paths))
    ranking = _rank(query, request.fusion)
    coverage, cosine = ranking.evidence.coverage, ranking.evidence.cosine
    if not ranking.is_known:
        return SearchResult((), True, coverage, cosine)
    candidates = ranking.candidates
    scores = _weighed(ranking.scores, candidates.records, weigh, max(WEIGHED, 2 * request.limit))[: request.limit]
    return SearchResult(tuple(_hits(query, scores, candidates)), False, coverage, cosine)


def best(view: View, query: str, filters: Filters = ACTIVE, limit: int = 10, *, like: str = "") -> list[str]:
    """The ids of what `search` finds, without what is shown of it."""
    ranking = _rank(Query.of(view, query, filters, like), WEIGHTED)
    return [memory_id for memory_id, _ in ranking.scores[:limit]] if ranking.is_known else []


class _Ranking(NamedTuple):
    """The scored candidates, best first, the evidence for the best, and whether that is enough for an answer."""

    scores: list[tuple[str, float]]
    candidates: ScoredCandidates
    evidence: Evidence
    is_known: bool


def _rank(query: Query, fusion: str) -> _Ranking:
    candidates = score_candidates(query, fusion)
    scores = fuse(candidates.channels, fusion, candidates.weights)
    evidence = _evidence(query, scores, candidates)
    is_known = not query.frequencies or is_enough(candidates.embedder, evidence, candidates.channels)
    return _Ranking(scores, candidates, evidence, is_known)


def _evidence(query: Query, scores: Sequence[tuple[str, float]], candidates: ScoredCandidates) -> Evidence:
    """What speaks for the best of a ranking."""
    records = [candidates.records[memory_id] for memory_id, _ in scores[:JUDGED]]
    terms = (query.view.fulltext.terms_of(record.ref, record.path) for record in records)
    return evidence_of(max(map(query.coverage, terms), default=0.0), candidates.cosines.values())


def _weighed(
    scores: list[tuple[str, float]], records: Mapping[str, MemorySummary], weigh: Weigh | None, most: int
) -> list[tuple[str, float]]:
    weighed = [records[memory_id] for memory_id, _ in scores[:most]]
    factors = dict(weigh(weighed)) if weigh else {}
    for record in weighed:
        if record.standing:
            factors[record.id] = factors.get(record.id, 1.0) * UNDECIDED_WEIGHT
    return best_first({memory_id: score * factors.get(memory_id, 1.0) for memory_id, score in scores[:most]})


def _hits(query: Query, scores: Sequence[tuple[str, float]], candidates: ScoredCandidates) -> Iterator[Hit]:
    places = {name: ranks(channel) for name, channel in candidates.channels.items()}
    idfs = query.idfs
    for memory_id, score in scores:
        record = candidates.records[memory_id]
        channels = {
            name: ChannelScore(places[name][memory_id], channel[memory_id], candidates.weights[name])
            for name, channel in candidates.channels.items()
            if memory_id in channel
        }
        yield Hit(record, score, channels, snippet(document.parse_document(query.view.text(record)).body, idfs))
