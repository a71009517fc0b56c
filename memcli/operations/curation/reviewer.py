"""The reviewer (git config `mem.reviewer`): a command whose verdict may promote a session where the policy says so.

Invariant: an approval names the tree that was shown; anything but a clean approval leaves the session to a person.
"""

from __future__ import annotations

from collections.abc import Callable

from memcli.core.curator.job import Job
from memcli.core.review.policy_keys import REVIEWER
from memcli.core.review.secrets import find_secrets
from memcli.core.review.verdict import PROMOTABLE
from memcli.core.session.commit_message import one_line
from memcli.operations.curation.curate import CurationResult
from memcli.operations.review.gate import Review

BY = "mem.reviewer"
"""As whom a promotion names the reviewer."""
APPROVE, ASK = "approve", "ask"


def may_decide(review: Review) -> bool:
    """Whether the policy leaves the session to the reviewer, and the gate leaves anything to decide."""
    return review.policy.promote == REVIEWER and review.verdict == PROMOTABLE


def opinion(job: Job, result: str, ask: Callable[[Job], CurationResult]) -> str:
    """The reviewer's opinion of the tree `result`: `approve TREE reason`, else another verdict and its reason."""
    if job.left_out:
        return f"{ASK} there are more candidates than one job can hold"
    text = one_line(_opinion(ask(job), result))
    return f"{ASK} its answer may contain a credential and is not shown" if find_secrets(text) else text


def approved_result(opinion: str) -> str:
    """The tree that an opinion approves; '' for any other opinion."""
    verdict, _, rest = opinion.partition(" ")
    return rest.partition(" ")[0] if verdict == APPROVE else ""


def _opinion(result: CurationResult, tree: str) -> str:
    """A result as an opinion; an approval that rejects a candidate or does anything else counts as `ask`."""
    rejects = [f"{rejection.id[-6:]}: {rejection.reason}" for rejection in result.rejects]
    reasons = "; ".join([*(accepted.reason for accepted in result.accepted), *rejects])
    if result.failure or result.verdict is None:
        return f"{ASK} {result.failure or 'it gave no verdict'}"
    if result.verdict == APPROVE and result.refused:
        return f"{ASK} it approved, but its answer has an edit that was refused: {result.refused[0].reason}"
    if result.verdict == APPROVE and not result.rejects:
        return f"{APPROVE} {tree} {reasons}"
    return f"{ASK if result.verdict == APPROVE else result.verdict} {reasons}"
