"""A query, analysed once: its terms, how often it has each and how telling each is in this store.

A query is data: nothing of it is ever syntax. A hypothetical answer (`like`) is searched for too, but names nothing:
ids, keys, paths and phrases are read from the query alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from memcli.core.memory.summary import Filters
from memcli.core.text import analysis
from memcli.index.database.view import View

MOST_TERMS, MOST_PAIRS = 48, 48
"""A long query is asked by its weightiest terms: a pasted page costs no more than a paragraph."""
PAGE = 600
"""Characters: what is longer was pasted."""
MOST_TIMES = 5
"""A term that the query has more often counts no more: what a pasted document repeats is its subject (R@5 on whole
documents as queries 0.68 without counting, 0.84 with)."""
FEWEST = 100
"""A smaller store is taken for one of this size: with three memories, a word in one of them would count as common."""


@dataclass(frozen=True)
class Query:
    """A query as the channels need it: `counts` has its terms and how often it has each, `frequencies` the number of
    memories that hold each, `size` the number of all; `paths` are code paths handed over with it."""

    text: str
    like: str
    paths: tuple[str, ...]
    view: View
    filters: Filters
    counts: Mapping[str, int]
    frequencies: Mapping[str, int]
    size: int

    @classmethod
    def of(cls, view: View, text: str, filters: Filters, like: str = "", paths: tuple[str, ...] = ()) -> Query:
        """Analyse a query against what the view holds; bytes that are no text (surrogates) become `?`."""
        text, like = (part.encode("utf-8", "replace").decode() for part in (text, like))
        counts = Counter[str]()
        for part in (text, like):
            counts.update(analysis.stems(part))
            counts.update(set(analysis.identifiers(part)).difference(counts))
        return cls(text, like, paths, view, filters, counts, view.fulltext.frequencies(counts), view.fulltext.size())

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts to search for by meaning."""
        return tuple(text for text in (self.text, self.like) if text.strip())

    @property
    def long(self) -> bool:
        """Whether it is a page rather than a question."""
        return len(self.text) > PAGE

    @property
    def idfs(self) -> dict[str, float]:
        """The query's terms with how telling each is."""
        return {term: self.idf(term) for term in self.frequencies}

    def idf(self, term: str) -> float:
        """How telling a term is: ln(1 + (N - n + 0.5) / (n + 0.5)), always above 0, most for an unknown one."""
        size, count = max(self.size, FEWEST), self.frequencies.get(term, 0)
        return math.log(1 + (max(size, count) - count + 0.5) / (count + 0.5))

    def weight(self, term: str) -> float:
        """What a term counts for: how telling it is, as often as the query has it."""
        return self.idf(term) * min(self.counts[term], MOST_TIMES)

    def tokens(self) -> list[str]:
        """The terms BM25 is asked for, the weightiest first, each as often as it counts."""
        known = sorted((term for term, count in self.frequencies.items() if count), key=self._rank)[:MOST_TERMS]
        return [term for term in known for _ in range(min(self.counts[term], MOST_TIMES))]

    def pairs(self) -> dict[tuple[str, str], float]:
        """The neighbouring terms of the query that the store knows, and how telling each pair is; the best only, and of
        a page none: those of its set phrases stand in every page of its kind."""
        if self.long:
            return {}
        idfs = {pair: self.idf(pair[0]) + self.idf(pair[1]) for pair in self._neighbours()}
        best = sorted(idfs, key=lambda pair: (-idfs[pair], pair))[:MOST_PAIRS]
        return {pair: idfs[pair] for pair in best}

    def coverage(self, terms: set[str]) -> float:
        """The share of the query's idf in a memory's terms: 1 where it has all of them, 0 for none."""
        return max((self._share(text, terms) for text in self.texts), default=0.0)

    def _share(self, text: str, terms: set[str]) -> float:
        own = dict.fromkeys([*analysis.stems(text), *analysis.identifiers(text)])
        mass = sum(map(self.idf, own))
        return sum(self.idf(term) for term in own if term in terms) / mass if mass else 0.0

    def _neighbours(self) -> Iterator[tuple[str, str]]:
        for text in self.texts:
            for first, second in pairwise(analysis.stems(text)):
                if first != second and self.frequencies.get(first) and self.frequencies.get(second):
                    yield first, second

    def _rank(self, term: str) -> tuple[float, str]:
        return -self.weight(term), term
