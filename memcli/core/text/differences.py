"""Where two twins differ: the claims that sentences which answer each other make differently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from memcli.core.text.analysis import stems
from memcli.core.text.claims import Claims, claims, opposites, sentences
from memcli.core.text.similarity import TWIN, jaccard, word_set

MOST_SENTENCES = 400
"""Sentences of a text that are compared: all of a memory a person would write, and a bound for any other."""


@dataclass(frozen=True)
class Difference:
    """A claim of one kind (`number`, `date`, `name`, `negation`, `opposite`) that two sentences make differently."""

    kind: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(self.mine) or 'none'} against {', '.join(self.theirs) or 'none'}"


def differing(a: str, b: str) -> tuple[Difference, ...]:
    """The claims that answering sentences of two twins make differently; a claim that one side lacks is an addition."""
    theirs = [(sentence, word_set(sentence)) for sentence in sentences(b)[:MOST_SENTENCES]]
    said = {sentence for sentence, _ in theirs}
    found: dict[Difference, None] = {}
    for sentence in sentences(a)[:MOST_SENTENCES]:
        answer = None if sentence in said else _answer(word_set(sentence), theirs)
        if answer is not None:
            found.update(dict.fromkeys(_differences(sentence, answer)))
    return tuple(found)


def _answer(own: frozenset[str], others: Iterable[tuple[str, frozenset[str]]]) -> str | None:
    """The sentence of the others that is most like this one, if any is like it."""
    score, answer = max(((jaccard(own, other), sentence) for sentence, other in others), default=(0.0, ""))
    return answer if score >= TWIN else None


def _differences(a: str, b: str) -> list[Difference]:
    mine, theirs = claims(a), claims(b)
    pairs = (
        ("number", mine.numbers, theirs.numbers),
        ("date", mine.dates, theirs.dates),
        ("name", mine.names, theirs.names),
    )
    found = [
        Difference(kind, tuple(sorted(here - there)), tuple(sorted(there - here)))
        for kind, here, there in pairs
        if here - there and there - here
    ]
    return found + _negated(a, b, mine, theirs) + _opposed(mine, theirs)


def _negated(a: str, b: str, mine: Claims, theirs: Claims) -> list[Difference]:
    """What one side denies and the other says."""
    here = {claim for claim in mine.negations - theirs.negations if claim[4:] in stems(b)}
    there = {claim for claim in theirs.negations - mine.negations if claim[4:] in stems(a)}
    return [Difference("negation", tuple(sorted(here)), tuple(sorted(there)))] if here or there else []


def _opposed(mine: Claims, theirs: Claims) -> list[Difference]:
    """One side says a word, the other its opposite."""
    found = []
    for pair in opposites():
        here, there = pair & mine.opposites, pair & theirs.opposites
        if len(here) == len(there) == 1 and here != there:
            found.append(Difference("opposite", tuple(here), tuple(there)))
    return found
