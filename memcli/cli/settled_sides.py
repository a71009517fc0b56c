"""What an answer to a question with two sides decides about the candidates that are its sides."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.cli.review_letters import KEEP_BOTH, KEEP_THIS
from memcli.cli.review_walk import Change, acceptance, rejection
from memcli.core.finding import INFO
from memcli.core.memory.identity import short
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.errors import Usage
from memcli.operations.review.candidate_context import CandidateContext
from memcli.operations.review.pending_decisions import ref_of


def settled(
    choice: str, waiting: WaitingCandidate, context: CandidateContext, candidates: Sequence[WaitingCandidate]
) -> Change:
    """The decisions that keep this one, the other one, or both. Raises Usage where no finding has another side, or one
    that is to be kept is blocked."""
    others = [candidate for candidate in candidates if candidate is not waiting and candidate.id in context.others]
    stored = tuple(memory_id for memory_id, other in context.others.items() if other.session is None)
    if waiting.candidate.conflicts and choice != KEEP_THIS:
        kept = acceptance(waiting, keep_both=True), rejection(waiting, "the store's version was kept")
        return {ref_of(waiting): kept[0] if choice == KEEP_BOTH else kept[1]}
    if not context.others:
        raise Usage("no finding names another memory", "a accepts this one, r rejects it")
    if choice == KEEP_BOTH:
        return _both(waiting, others, stored)
    return _this(waiting, others, stored) if choice == KEEP_THIS else _other(waiting, others, stored)


def _this(waiting: WaitingCandidate, others: Sequence[WaitingCandidate], stored: tuple[str, ...]) -> Change:
    _refuse_blocked(waiting)
    reason = f"{short(waiting.id)} was kept: {_checks(waiting)}"
    return {
        **{ref_of(other): rejection(other, reason) for other in others},
        ref_of(waiting): acceptance(waiting, over=stored),
    }


def _other(waiting: WaitingCandidate, others: Sequence[WaitingCandidate], stored: tuple[str, ...]) -> Change:
    """This one is rejected; of two candidates the other one is accepted, unless something else is said against it."""
    kept = ", ".join(short(memory_id) for memory_id in (*(other.id for other in others), *stored))
    sound = [other for other in others if _is_only_about(other, waiting)]
    return {**{ref_of(other): acceptance(other) for other in sound},
            ref_of(waiting): rejection(waiting, f"{kept} was kept: {_checks(waiting)}")}  # fmt: skip


def _both(waiting: WaitingCandidate, others: Sequence[WaitingCandidate], stored: tuple[str, ...]) -> Change:
    _refuse_blocked(waiting)
    beside = (*(other.id for other in others), *stored)
    sound = [other for other in others if _is_only_about(other, waiting)]
    return {
        **{ref_of(other): acceptance(other) for other in sound},
        ref_of(waiting): acceptance(waiting, beside=beside),
    }


def _refuse_blocked(waiting: WaitingCandidate) -> None:
    if waiting.is_blocked:
        raise Usage("a finding blocks it", "e edits it, r rejects it")


def _is_only_about(waiting: WaitingCandidate, other: WaitingCandidate) -> bool:
    """Whether nothing is said against a candidate but what compares it with another one."""
    findings = [finding for finding in waiting.findings if finding.severity != INFO]
    return all(finding.with_ids == (other.id,) for finding in findings)


def _checks(waiting: WaitingCandidate) -> str:
    """The checks that name another memory."""
    return ", ".join(dict.fromkeys(finding.check for finding in waiting.findings if finding.with_ids))
