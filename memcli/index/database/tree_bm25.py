"""The home of rank_bm25: BM25 over documents that no full-text table holds, with the scores that FTS5 would give.

The library counts words in plain sequences. It knows no columns, so a document repeats each word as often as its column
weighs, and says how long it is itself. And a word that half of the documents hold or more has no positive idf in
BM25Okapi, where FTS5 gives it `LEAST_IDF`: such words are scored by BM25Plus, whose idf is always positive and known.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memcli.index.storage.full_text import COLUMN_WEIGHTS, COLUMNS, Expression

K1, B, LEAST_IDF = 1.2, 0.75, 1e-6
"""As in FTS5."""
REPEATS = 4
"""What makes the column weights whole numbers. A frequency and K1 times the same is the same BM25, but for `_UNIT`."""
_UNIT = (K1 + 1) / (K1 * REPEATS + 1)
Words = tuple[str, ...]
"""A phrase: one term or several in a row."""


@dataclass(frozen=True)
class Terms:
    """One memory's terms by column, in order."""

    id: str
    columns: tuple[list[str], ...]

    @classmethod
    def of(cls, memory_id: str, *columns: str) -> Terms:
        """From columns as the tables have them: terms joined by blanks."""
        return cls(memory_id, tuple(column.split() for column in columns))

    @property
    def length(self) -> int:
        return sum(map(len, self.columns))


class WeightedDocument:
    """A memory as rank_bm25 takes it: its length is the number of all its terms, its words are the phrases in
    question."""

    def __init__(self, length: int, phrases: Mapping[Words, int] | None = None) -> None:
        self.length, self.phrases = length, Counter(phrases or {})

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[Words]:
        return self.phrases.elements()


def counter(expression: Expression) -> Callable[[Terms], dict[Words, int]]:
    """What tells how often a memory has each phrase of an expression: `REPEATS` times its column's weight each time."""
    single = frozenset(words[0] for words in expression.phrases if len(words) == 1)
    longer = frozenset(words for words in expression.phrases if len(words) > 1)
    repeats = [
        int(weight * REPEATS) if expression.column in (None, name) else 0
        for name, weight in zip(COLUMNS, COLUMN_WEIGHTS, strict=True)
    ]

    def counted(memory: Terms) -> dict[Words, int]:
        counts: dict[Words, int] = {}
        for repeat, terms in zip(repeats, memory.columns, strict=True):
            if repeat:
                times: dict[Words, int] = {(term,): terms.count(term) for term in single.intersection(terms)}
                times |= {words: count for words in longer if (count := _times(words, terms))}
                for words, count in times.items():
                    counts[words] = counts.get(words, 0) + repeat * count
        return counts

    return counted


def _times(words: Words, terms: Sequence[str]) -> int:
    """How often a phrase stands in a list of terms."""
    windows = zip(*(terms[start:] for start in range(len(words))), strict=False)
    return sum(window == words for window in windows)


def bm25_scores(documents: Sequence[WeightedDocument], phrases: Sequence[Words], places: Sequence[int]) -> list[float]:
    """The scores of the documents at these places among `documents`, which are all of a tree."""
    from rank_bm25 import BM25Okapi

    okapi = BM25Okapi(documents, k1=K1 * REPEATS, b=B, epsilon=0)
    scores: list[float] = okapi.get_batch_scores(phrases, places)
    least = _scores_of_common(documents, phrases, places)
    return [_UNIT * (score + LEAST_IDF * common) for score, common in zip(scores, least, strict=True)]


def _scores_of_common(
    documents: Sequence[WeightedDocument], phrases: Sequence[Words], places: Sequence[int]
) -> list[float]:
    """The scores by the phrases that half of the documents hold or more, as if the idf of each were 1."""
    from rank_bm25 import BM25Plus

    totals, size = [0.0] * len(places), len(documents)
    holding = Counter(words for document in documents for words in document.phrases)
    by_count: dict[int, list[Words]] = defaultdict(list)
    for words in phrases:
        if 2 * holding[words] >= size:
            by_count[holding[words]].append(words)
    plus = BM25Plus(documents, k1=K1 * REPEATS, b=B, delta=0) if by_count else None
    for count, group in by_count.items():
        idf = math.log((size + 1) / count)
        scores = plus.get_batch_scores(group, places) if plus else ()
        totals = [total + score / idf for total, score in zip(totals, scores, strict=True)]
    return totals
