"""The channels of recall: each finds memories in its own way, or judges those found, with scores from 0 to 1.

`FINDING` channels answer a question by themselves. `JUDGING` ones only score what others found. What a channel counts
for is in `fusion`; neighbours come last of all (`neighbours`), for they need to know the best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from heapq import nlargest
from itertools import islice

from memcli.core.memory.instants import parse_instant
from memcli.core.memory.summary import MemorySummary
from memcli.core.text import analysis
from memcli.index.search.fusion import best_first
from memcli.index.search.importance import importance_of
from memcli.index.search.query import Query
from memcli.index.storage.full_text import Expression, any_of, phrase

DEPTH = 50
"""How many memories of a channel are candidates; fusion moves nothing up from farther down."""
SCORED = 1_000
"""How many memories get a lexical score: one that another channel finds is not taken to hold no word of the query."""
SHORT_ID = 6
"""The fewest characters of a word that can be a shortened id."""
FAINT = 0.2
"""A memory that only meaning finds is not offered below this cosine: something is always nearest."""
HALF_LIFE = 90.0
"""Days after which a memory counts half as recent as the newest one found."""
Scores = dict[str, float]


def exact(query: Query) -> Scores:
    """What the query names: an id, a key, a quoted phrase, a code word, a tag; of a pasted page the quotes and code
    words name nothing."""
    scores: Scores = {}
    for matcher in (_named, _tagged) if query.long else (_named, _tagged, _phrased, _coded):
        for memory_id, score in matcher(query):
            scores[memory_id] = max(score, scores.get(memory_id, 0.0))
    return _passing(query, scores)


def anchor(query: Query) -> Scores:
    """Memories about a path that is named or handed over: 1 by the whole path, 0.5 by the file's name."""
    scores: Scores = {}
    for name in dict.fromkeys([*(word for word in _words(query) if "." in word or "/" in word), *query.paths]):
        for memory_id, whole in query.view.anchored_at(name):
            scores[memory_id] = max(1.0 if whole else 0.5, scores.get(memory_id, 0.0))
    return _passing(query, scores)


def lexical(query: Query) -> Scores:
    """BM25 over the best one's, of the memories that hold any of the terms."""
    passes = query.view.condition(query.filters)
    return _scaled(query, dict(query.view.fulltext.ranked(any_of(query.tokens()), passes, SCORED)))


def dense(query: Query) -> Scores:
    """The cosine of the nearest memories, as of `nearness`; nothing where there are no vectors."""
    if query.view.dense is None:
        return {}
    near = [dict(query.view.dense.nearest(text, DEPTH, query.filters)) for text in query.texts]
    if len(near) > 1:
        return nearness(query, {memory_id for cosines in near for memory_id in cosines})
    return {memory_id: max(0.0, cosine) for cosines in near for memory_id, cosine in cosines.items()}


def nearness(query: Query, ids: Iterable[str]) -> Scores:
    """The cosines of memories with the query, their mean with those of the hypothetical answer where there is one; the
    nearest first."""
    wanted = list(ids)
    if query.view.dense is None or not wanted:
        return {}
    near = [query.view.dense.cosines(text, wanted) for text in query.texts]
    mean = {memory_id: max(0.0, sum(cosines[memory_id] for cosines in near) / len(near)) for memory_id in near[0]}
    return dict(best_first(mean))


def adjacent(query: Query, words: Scores) -> Scores:
    """Neighbouring words of the query that stand side by side, over the best one's, in the best memories by `words`.

    A pair weighs what its words weigh, and more the more often it stands there, with BM25's constants and the length of
    these memories; the title counts thrice, and so does a code word, which is a name.
    """
    pairs = {f" {first} {second} ": weight for (first, second), weight in query.pairs().items()}
    rows = query.view.fulltext.columns_of(list(islice(words, DEPTH))) if pairs else []
    lengths = [len(title) + len(body) for _, title, body, _ in rows]
    scores: Scores = {}
    for (memory_id, *columns), length in zip(rows, lengths, strict=True):
        saturation = 1.2 * (0.25 + 0.75 * length * len(lengths) / sum(lengths))
        counts = ((weight, _count(pair, *columns)) for pair, weight in pairs.items())
        scores[memory_id] = sum(weight * count / (count + saturation) for weight, count in counts)
    return _scaled(query, {memory_id: score for memory_id, score in scores.items() if score})


def _count(pair: str, title: str, body: str, idents: str) -> int:
    return 3 * (title.count(pair) + idents.count(pair)) + body.count(pair)


def by_recency(_: Query, records: Mapping[str, MemorySummary]) -> Scores:
    """1 for the newest of these memories, half of it for each `HALF_LIFE` a memory is older."""
    ages = {memory_id: parse_instant(record.modified).timestamp() for memory_id, record in records.items()}
    newest = max(ages.values(), default=0.0)
    return {memory_id: 0.5 ** ((newest - at) / 86_400 / HALF_LIFE) for memory_id, at in ages.items()}


def by_importance(query: Query, records: Mapping[str, MemorySummary]) -> Scores:
    """How much each memory weighs by itself."""
    uses = query.view.uses
    return {memory_id: importance_of(record, uses.get(memory_id, 0.0)) for memory_id, record in records.items()}


FINDING: Mapping[str, Callable[[Query], Scores]] = {
    "exact": exact,
    "anchor": anchor,
    "lexical": lexical,
    "dense": dense,
}
JUDGING: Mapping[str, Callable[[Query, Mapping[str, MemorySummary]], Scores]] = {
    "recency": by_recency,
    "importance": by_importance,
}


def _words(query: Query) -> list[str]:
    """The words of the query as typed, without brackets, quotes and the points of sentences; each once."""
    words = re.split(r"[\s,;:()\[\]{}<>\"'`|]+", query.text)
    return list(dict.fromkeys(word.rstrip(".!?") for word in words if word.rstrip(".!?")))


def _named(query: Query) -> Iterator[tuple[str, float]]:
    """Ids (1.0, where no other memory has the short form) and keys (1.0)."""
    for name in _words(query):
        if len(name) >= SHORT_ID and name.isalnum():
            matches = query.view.find(name)
            yield from ((record.id, 1.0) for record in matches if len(matches) == 1)
        yield from ((record.id, 1.0) for record in query.view.by_key(name))


def _phrased(query: Query) -> Iterator[tuple[str, float]]:
    """Quoted phrases of two terms or more, as they stand in a title or body (0.2)."""
    for match in _quoted().finditer(query.text):
        terms = analysis.stems(match.group(2))
        if len(terms) > 1:
            for column in ("title", "body"):
                yield from ((memory_id, 0.2) for memory_id in _holding(query, phrase(terms, column)))


def _coded(query: Query) -> Iterator[tuple[str, float]]:
    """Code words as typed (`retryQueue`, `src/retry.py`): up to 0.05, the rarer the more; BM25 counts them already."""
    for word in dict.fromkeys(map(analysis.compound_term, analysis.compounds(query.text))):
        count = query.frequencies.get(word, 0)
        if 0 < count <= DEPTH:
            score = 0.05 * query.idf(word) / query.idf("")
            yield from ((memory_id, score) for memory_id in _holding(query, phrase([word], "idents")))


def _tagged(query: Query) -> Iterator[tuple[str, float]]:
    """Tags (0.1), also those of several words."""
    words = analysis.words(query.text)
    tags = {"-".join(words[start : start + length]) for length in (1, 2, 3) for start in range(len(words))}
    yield from ((memory_id, 0.1) for memory_id in query.view.tagged(tags - analysis.STOP_WORDS))


def _holding(query: Query, expression: Expression) -> list[str]:
    passes = query.view.condition(query.filters)
    return [memory_id for memory_id, _ in query.view.fulltext.ranked(expression, passes, DEPTH)]


def _passing(query: Query, scores: Scores) -> Scores:
    ids = query.view.passing(scores, query.filters) if scores else ()
    return {memory_id: scores[memory_id] for memory_id in ids}


def _scaled(query: Query, scores: Scores) -> Scores:
    """The scores over the best one, in their order; of a pasted page over the second best, both as 1: the page itself
    may be a memory, and its own score is no measure for the others."""
    best = nlargest(2, scores.values())
    if not best or best[0] <= 0:
        return {}
    scale = best[-1] if query.long else best[0]
    return {memory_id: min(1.0, score / scale) for memory_id, score in scores.items()}


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(r"([\"'`])(?=\S)([^\"'`\n]{3,200}?)(?<=\S)\1(?!\w)")
