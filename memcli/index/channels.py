"""The channels of recall: each finds memories in its own way and scores them from 0 to 1.

A channel is one function from a question to {id: score}, entered in `CHANNELS` with its weight; `search` fuses them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from memcli.core import analysis
from memcli.core.record import Filters
from memcli.index.fulltext import Expression, any_of, phrase
from memcli.index.view import View

DEPTH = 100
"""How many memories a channel offers; fusion moves nothing up from farther down."""
MAX_TERMS = 48
"""A long question is asked by its rarest terms: a pasted page costs no more than a paragraph."""
FEWEST = 100
"""A smaller store is taken for one of this size: with three memories, a word in one of them would count as common."""
SHORT_ID = 6
"""From so many characters on, a word can be a shortened id."""


@dataclass(frozen=True)
class Question:
    """A query as the channels need it: `frequencies` has its terms, each with the number of memories that hold it."""

    text: str
    view: View
    filters: Filters
    frequencies: Mapping[str, int]
    size: int

    @classmethod
    def of(cls, view: View, text: str, filters: Filters) -> Question:
        """Analyse a query against what the view holds; bytes that are no text (surrogates) become `?`."""
        text = text.encode("utf-8", "replace").decode()
        terms = [*analysis.stems(text), *analysis.identifiers(text)]
        return cls(text, view, filters, view.fulltext.frequencies(terms), view.fulltext.size())

    @property
    def idfs(self) -> dict[str, float]:
        """The query's terms with how telling each is."""
        return {term: self.idf(term) for term in self.frequencies}

    def idf(self, term: str) -> float:
        """How telling a term is: ln(1 + (N - n + 0.5) / (n + 0.5)), always above 0, most for an unknown one."""
        size, count = max(self.size, FEWEST), self.frequencies.get(term, 0)
        return math.log(1 + (max(size, count) - count + 0.5) / (count + 0.5))


Channel = Callable[[Question], dict[str, float]]


def lexical(question: Question) -> dict[str, float]:
    """BM25 over the best one's, of the memories that hold any of the terms."""
    known = sorted(
        (term for term, count in question.frequencies.items() if count), key=lambda term: (-question.idf(term), term)
    )
    passes = question.view.condition(question.filters)
    found = question.view.fulltext.ranked(any_of(known[:MAX_TERMS]), passes, DEPTH)
    best = max((score for _, score in found), default=0.0)
    return {memory_id: score / best for memory_id, score in found} if best > 0 else {}


def exact(question: Question) -> dict[str, float]:
    """What the query names: an id, a key, an anchor's path or file, a quoted phrase, a code word, a tag."""
    found: dict[str, float] = {}
    for matcher in (_named, _phrased, _coded, _tagged):
        for memory_id, score in matcher(question):
            found[memory_id] = max(score, found.get(memory_id, 0.0))
    return {memory_id: found[memory_id] for memory_id in question.view.passing(found, question.filters)}


CHANNELS: Mapping[str, tuple[Channel, float]] = {"exact": (exact, 2.0), "lexical": (lexical, 1.0)}
"""Every channel with its weight in the fusion: a memory that is named stands above the best match of words."""


def _named(question: Question) -> Iterator[tuple[str, float]]:
    """Ids (1.0, where no other memory has the short form), keys (1.0), anchors (0.5, by the file's name 0.25)."""
    for word in dict.fromkeys(re.split(r"[\s,;:()\[\]{}<>\"'`|]+", question.text)):
        name = word.rstrip(".!?")
        if len(name) >= SHORT_ID and name.isalnum():
            named = question.view.find(name)
            yield from ((record.id, 1.0) for record in named if len(named) == 1)
        if name:
            yield from ((record.id, 1.0) for record in question.view.by_key(name))
        if "." in name or "/" in name:
            yield from ((found, 0.5 if whole else 0.25) for found, whole in question.view.anchored_at(name))


def _phrased(question: Question) -> Iterator[tuple[str, float]]:
    """Quoted phrases of two terms or more, as they stand in a title or body (0.2)."""
    for match in _quoted().finditer(question.text):
        terms = analysis.stems(match.group(2))
        if len(terms) > 1:
            for column in ("title", "body"):
                yield from ((found, 0.2) for found in _holding(question, phrase(terms, column)))


def _coded(question: Question) -> Iterator[tuple[str, float]]:
    """Code words as typed (`retryQueue`, `src/retry.py`): up to 0.05, the rarer the more; BM25 counts them already."""
    for word in dict.fromkeys(map(analysis.whole, analysis.compounds(question.text))):
        count = question.frequencies.get(word, 0)
        if 0 < count <= DEPTH:
            score = 0.05 * question.idf(word) / question.idf("")
            yield from ((found, score) for found in _holding(question, phrase([word], "idents")))


def _tagged(question: Question) -> Iterator[tuple[str, float]]:
    """Tags (0.1), also those of several words."""
    words = analysis.words(question.text)
    tags = {"-".join(words[start : start + length]) for length in (1, 2, 3) for start in range(len(words))}
    told = question.view.tagged(tags - analysis.STOP_WORDS)
    yield from ((found, 0.1) for found in told)


def _holding(question: Question, expression: Expression) -> list[str]:
    passes = question.view.condition(question.filters)
    return [memory_id for memory_id, _ in question.view.fulltext.ranked(expression, passes, DEPTH)]


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(r"([\"'`])(?=\S)([^\"'`\n]{3,200}?)(?<=\S)\1(?!\w)")
