"""Where two near-duplicates differ: the claims that their matching sentences make differently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from memcli.core.text.analysis import stems
from memcli.core.text.claims import Claims, claims_in, opposites, split_sentences
from memcli.core.text.similarity import NEAR_DUPLICATE, jaccard, word_set

MOST_SENTENCES = 400
"""Sentences of a text that are compared: more than a person writes in one memory, and a limit for generated texts."""


@dataclass(frozen=True)
class ClaimDifference:
    """A claim of one kind (`number`, `date`, `name`, `negation`, `opposite`) that two sentences make differently."""

    kind: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(self.mine) or 'none'} against {', '.join(self.theirs) or 'none'}"


def claim_differences(a: str, b: str) -> tuple[ClaimDifference, ...]:
    """The claims that matching sentences of two near-duplicates make differently.

    A claim that only one side makes is an addition and no difference.
    """
    theirs = [(sentence, word_set(sentence)) for sentence in split_sentences(b)[:MOST_SENTENCES]]
    identical = {sentence for sentence, _ in theirs}
    differences: dict[ClaimDifference, None] = {}
    for sentence in split_sentences(a)[:MOST_SENTENCES]:
        match = None if sentence in identical else _matching(word_set(sentence), theirs)
        if match is not None:
            differences.update(dict.fromkeys(_between(sentence, match)))
    return tuple(differences)


def _matching(words: frozenset[str], others: Iterable[tuple[str, frozenset[str]]]) -> str | None:
    """The most similar of the other sentences; None where no other sentence is similar enough."""
    score, sentence = max(((jaccard(words, other), sentence) for sentence, other in others), default=(0.0, ""))
    return sentence if score >= NEAR_DUPLICATE else None


def _between(a: str, b: str) -> list[ClaimDifference]:
    """The differences between two matching sentences."""
    mine, theirs = claims_in(a), claims_in(b)
    pairs = (
        ("number", mine.numbers, theirs.numbers),
        ("date", mine.dates, theirs.dates),
        ("name", mine.names, theirs.names),
    )
    differences = [
        ClaimDifference(kind, tuple(sorted(here - there)), tuple(sorted(there - here)))
        for kind, here, there in pairs
        if here - there and there - here
    ]
    return differences + _negated(a, b, mine, theirs) + _opposed(mine, theirs)


def _negated(a: str, b: str, mine: Claims, theirs: Claims) -> list[ClaimDifference]:
    """What one sentence negates and the other states."""
    here = {claim for claim in mine.negations - theirs.negations if claim[4:] in stems(b)}
    there = {claim for claim in theirs.negations - mine.negations if claim[4:] in stems(a)}
    return [ClaimDifference("negation", tuple(sorted(here)), tuple(sorted(there)))] if here or there else []


def _opposed(mine: Claims, theirs: Claims) -> list[ClaimDifference]:
    """The pairs of opposites of which each sentence has one."""
    differences = []
    for pair in opposites():
        here, there = pair & mine.opposites, pair & theirs.opposites
        if len(here) == len(there) == 1 and here != there:
            differences.append(ClaimDifference("opposite", tuple(here), tuple(there)))
    return differences
