"""Abstention: when recall says that nothing relevant is known, by the evidence for the best hits.

The evidence is the largest share of the question's idf in one of the best hits and the best cosine, and how far that
cosine leads. The bars lose at most 2 % of the answerable questions of nine public sets; docs/benchmarks.md has what
they stop. What is named by id, key, path or phrase is always shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

JUDGED = 5
"""How many of the best hits are asked for their share."""
NAMED = 0.2
"""From this score on, the exact channel has found what the query names; a tag or a code word is no more than a word."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for the best hits: the question's share in one of them, the best cosine, its lead over the second."""

    coverage: float
    cosine: float = 0.0
    lead: float = 0.0


@dataclass(frozen=True)
class Bar:
    """What an answer needs: coverage plus `weight` times the cosine, or the cosine alone, or its lead alone."""

    least: float
    weight: float = 0.0
    cosine: float = math.inf
    lead: float = math.inf


WORDS = Bar(0.25)
"""Where there are no vectors."""
STATIC = Bar(0.42, 0.25)
"""The mean of a long text's words is near to everything: no cosine is enough alone."""
MODEL = Bar(0.95, 1.0, 0.43, 0.11)
"""Any trained model, measured with MiniLM: a paraphrase may share no word, but it stands out."""


def bar(embedder: str | None) -> Bar:
    """What an answer needs where an embedder of this name (None: none) has searched."""
    if embedder is None:
        return WORDS
    return STATIC if embedder.startswith("static") else MODEL


def evidence_of(coverage: float, cosines: Iterable[float]) -> Evidence:
    """The evidence of a coverage and the cosines of a ranking."""
    best = nlargest(2, cosines)
    return Evidence(coverage, best[0], best[0] - best[1] if len(best) > 1 else 0.0) if best else Evidence(coverage)


def is_enough(embedder: str | None, evidence: Evidence, channels: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether there is evidence for an answer, or the query names it."""
    if channels.get("anchor") or any(score >= NAMED for score in channels.get("exact", {}).values()):
        return True
    needed = bar(embedder)
    together = evidence.coverage + needed.weight * evidence.cosine
    return together >= needed.least or evidence.cosine >= needed.cosine or evidence.lead >= needed.lead
