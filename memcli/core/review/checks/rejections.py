"""The check against earlier decisions: rejected-before."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import BLOCK, WARN, Problem
from memcli.core.review.candidates import RETIRED
from memcli.core.review.checks.case import Case
from memcli.core.review.claim import claim_hash, key_part, retirement_hash
from memcli.core.session.state import RejectedClaim


def rejected_before(case: Case) -> Iterator[Problem]:
    """A claim or a retirement that was rejected, in whatever session; under another key it is only a warning."""
    severity = BLOCK if case.context.agent else WARN
    if case.before and case.candidate.change == RETIRED:
        rejection = case.context.store.elsewhere.rejection(retirement_hash(case.before))
        if rejection:
            yield _problem("the same retirement", rejection, severity)
    elif case.after.status == "active" and case.is_new_claim:
        yield from _rejected_claim(case, severity)


def _rejected_claim(case: Case, severity: str) -> Iterator[Problem]:
    """The claim's rejection, unless a memory of the store makes the rejected claim all the same."""
    claim = claim_hash(case.after)
    rejection = case.context.store.elsewhere.rejection(claim)
    if rejection is None or case.proposed.holds(rejection.claim):
        return
    if rejection.claim == claim:
        yield _problem("the same claim", rejection, severity)
    else:
        key = key_part(rejection.claim)
        yield _problem(f"the same text {f'with the key {key}' if key else 'without a key'}", rejection, WARN)


def _problem(subject: str, rejection: RejectedClaim, severity: str) -> Problem:
    reason = f": {rejection.reason}" if rejection.reason else ", without a reason"
    message = f"{subject} was rejected on {rejection.at:%Y-%m-%d} in the session {rejection.session}{reason}"
    step = f"leave it out, or say what has changed since; `mem session show {rejection.session}` shows the decision"
    return Problem(message, step, severity)
