"""The reviews of what lands together, without what is to stay in its session since the gate finds fault with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memcli.core.finding import BLOCK
from memcli.core.memory.memory import Memory
from memcli.core.review.verdict import BLOCKED
from memcli.core.session.state import Session
from memcli.operations.review.decisions import CandidateRef, Decisions
from memcli.operations.review.gate import Gate, GateScope, Review


@dataclass(frozen=True)
class ReviewedTogether:
    """One review for each session, and the candidates that were chosen but stay in theirs."""

    reviews: tuple[Review, ...]
    skipped: tuple[CandidateRef, ...] = ()


def review_decisions(
    gate: Gate, sessions: Mapping[str, Session], decisions: Decisions, reviewed: bool
) -> ReviewedTogether:
    """The reviews of what decisions promote, again without what they skip, until nothing is left to skip.

    `reviewed`: a reviewer has approved it. Raises NotFound, Usage, Conflict.
    """
    chosen = {name: decisions.promoted_in(name) for name in decisions.promoted_sessions}
    skipped = list[CandidateRef]()
    while True:
        scopes = {name: GateScope(ids, reviewed, decisions.keep_both) for name, ids in chosen.items()}
        reviews = gate.review_together([(sessions[name], scope) for name, scope in scopes.items()])
        unfit = _unfit(reviews, decisions.skipped_severities)
        if not unfit:
            return ReviewedTogether(tuple(reviews), tuple(skipped))
        skipped += unfit
        chosen = _without_unfit(reviews, unfit)


def _without_unfit(reviews: Iterable[Review], unfit: Collection[CandidateRef]) -> dict[str, tuple[str, ...]]:
    """{session: the ids that are left of it}; sessions of which nothing is left are left out."""
    left: dict[str, tuple[str, ...]] = {}
    for review in reviews:
        refs = [CandidateRef(review.session.name, candidate.id) for candidate in review.chosen]
        if ids := tuple(ref.id for ref in refs if ref not in unfit):
            left[review.session.name] = ids
    return left


def _unfit(reviews: Sequence[Review], severities: Collection[str]) -> list[CandidateRef]:
    """The candidates with such a finding, and those that depend on them, in the order of the reviews."""
    unfit = {ref for review in reviews for ref in _faulty(review, severities)} if severities else set[CandidateRef]()
    if not unfit:
        return []
    every = [CandidateRef(review.session.name, candidate.id) for review in reviews for candidate in review.chosen]
    proposed: dict[str, set[CandidateRef]] = {}
    for ref in every:
        proposed.setdefault(ref.id, set()).add(ref)
    dependents, waiting = _dependents(reviews), list(unfit)
    while waiting:
        lost = waiting.pop().id
        if proposed[lost] <= unfit:  # else another session proposes the memory, too
            new = dependents.get(lost, set()) - unfit
            unfit |= new
            waiting += new
    return [ref for ref in dict.fromkeys(every) if ref in unfit]


def _faulty(review: Review, severities: Collection[str]) -> Iterator[CandidateRef]:
    """The candidates with a finding as severe; all of a session that is blocked as a whole."""
    name, ids = review.session.name, {candidate.id for candidate in review.chosen}
    matches = {finding.id for finding in review.findings if finding.severity in severities} & ids
    blocked = {finding.id for finding in review.findings if finding.severity == BLOCK}
    is_whole = review.verdict == BLOCKED and not (blocked and blocked <= ids)
    yield from (CandidateRef(name, id) for id in (ids if is_whole else matches))


def _dependents(reviews: Iterable[Review]) -> Mapping[str, set[CandidateRef]]:
    """{id: the candidates that name the memory as one that they replace, rest on, or give way to}."""
    dependents: dict[str, set[CandidateRef]] = {}
    for review in reviews:
        for candidate in review.chosen:
            for id in _named_by(candidate.after) if candidate.after else ():
                dependents.setdefault(id, set()).add(CandidateRef(review.session.name, candidate.id))
    return dependents


def _named_by(memory: Memory) -> tuple[str, ...]:
    heir = (memory.superseded_by,) if memory.superseded_by else ()
    return (*memory.supersedes, *memory.merged_from, *memory.based_on, *heir)
