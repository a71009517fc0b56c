"""Where two near-duplicates differ: the claims that their matching sentences make differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memcli.core.text.analysis import stems
from memcli.core.text.claims import Claims, claims_in, comparisons, opposites, split_sentences, task_state
from memcli.core.text.negations import unspaced_negations
from memcli.core.text.similarity import NEAR_DUPLICATE, jaccard, word_set

MOST_SENTENCES = 400
"""Sentences of a text that are compared: more than a person writes in one memory, and a limit for generated texts."""


@dataclass(frozen=True)
class ClaimDifference:
    """A claim of one kind that two sentences make differently.

    The kinds: `number`, `date`, `name`, `comparison`, `task`, `negation`, `opposite`.
    """

    kind: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(self.mine) or 'none'} against {', '.join(self.theirs) or 'none'}"


def claim_differences(a: str, b: str) -> tuple[ClaimDifference, ...]:
    """The claims that matching sentences of two near-duplicates make differently.

    A claim that only one side makes is an addition and no difference.
    """
    differences: dict[ClaimDifference, None] = {}
    for sentence, match in matching_sentences(a, b):
        differences.update(dict.fromkeys(_between(sentence, match)))
    return tuple(differences)


def matching_sentences(a: str, b: str) -> Iterator[tuple[str, str]]:
    """The sentences of a text that the other one does not have, each with the most similar one of the other."""
    theirs = [(sentence, word_set(sentence)) for sentence in split_sentences(b)[:MOST_SENTENCES]]
    identical = {sentence for sentence, _ in theirs}
    for sentence in split_sentences(a)[:MOST_SENTENCES]:
        match = None if sentence in identical else _matching(sentence, theirs)
        if match is not None:
            yield sentence, match


def _matching(sentence: str, others: Iterable[tuple[str, frozenset[str]]]) -> str | None:
    """The most similar of the other sentences, for a task rather a task than its title; None where none is similar
    enough."""
    words, task = word_set(sentence), bool(task_state(sentence))
    scores = ((jaccard(words, other_words), bool(task_state(other)) == task, other) for other, other_words in others)
    score, _, match = max(scores, default=(0.0, False, ""))
    return match if score >= NEAR_DUPLICATE else None


def _between(a: str, b: str) -> list[ClaimDifference]:
    """The differences between two matching sentences."""
    mine, theirs = claims_in(a), claims_in(b)
    pairs = (
        ("number", mine.numbers, theirs.numbers),
        ("date", mine.dates, theirs.dates),
        ("name", mine.names, theirs.names),
        ("comparison", comparisons(a), comparisons(b)),
        ("task", _states(a), _states(b)),
    )
    differences = [
        ClaimDifference(kind, tuple(sorted(here - there)), tuple(sorted(there - here)))
        for kind, here, there in pairs
        if here - there and there - here
    ]
    return differences + (_negated(a, b, mine, theirs) or _negated_unspaced(a, b)) + _opposed(mine, theirs)


def _states(sentence: str) -> frozenset[str]:
    """The state of the task that a sentence is, if it is one."""
    return frozenset(filter(None, (task_state(sentence),)))


def _negated(a: str, b: str, mine: Claims, theirs: Claims) -> list[ClaimDifference]:
    """What one sentence negates and the other states."""
    here = {claim for claim in mine.negations - theirs.negations if claim[4:] in stems(b)}
    there = {claim for claim in theirs.negations - mine.negations if claim[4:] in stems(a)}
    return [ClaimDifference("negation", tuple(sorted(here)), tuple(sorted(there)))] if here or there else []


def _negated_unspaced(a: str, b: str) -> list[ClaimDifference]:
    """The negations that only one of two sentences in a script without spaces has."""
    here, there = unspaced_negations(a), unspaced_negations(b)
    mine, theirs = tuple(sorted(here - there)), tuple(sorted(there - here))
    return [ClaimDifference("negation", mine, theirs)] if here.total() != there.total() else []


def _opposed(mine: Claims, theirs: Claims) -> list[ClaimDifference]:
    """The pairs of opposites of which each sentence has one."""
    differences = []
    for pair in opposites():
        here, there = pair & mine.opposites, pair & theirs.opposites
        if len(here) == len(there) == 1 and here != there:
            differences.append(ClaimDifference("opposite", tuple(here), tuple(there)))
    return differences
