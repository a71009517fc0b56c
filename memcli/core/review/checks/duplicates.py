"""Checks against what is known already: duplicate, near-duplicate and rejected-before."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import BLOCK, WARN, Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.review.checks.case import Case
from memcli.core.review.checks.context import cited
from memcli.core.review.claim import claim_hash


def duplicate(case: Case) -> Iterator[Problem]:
    """A memory, of the store or this session, that says the same for a common time."""
    other = case.proposed.repeated_by(case.after) if case.says_news or case.is_moved else None
    if other:
        step = f"read `mem show {short(other.id)}` and improve that one, or leave this one out of the promotion"
        yield Problem(f"has the same text as {cited(other)}", step)


def near_duplicate(case: Case) -> Iterator[Problem]:
    """The memories that say nearly the same and make no other claim, and the copies of a form, once for all of them."""
    for other, differences in case.near_duplicates:
        if not differences:
            step = (
                f"compare with `mem show {short(other.id)}`; if it says the same, "
                f"improve it with `mem edit {short(other.id)}`"
            )
            yield Problem(f"says nearly the same as {cited(other)}", step)
    if case.unnamed:
        yield Problem(f"says nearly the same as {case.unnamed} more", "compare them; leave out what adds nothing")
    yield from _copies(case.proposed.look_alikes.form(case.after))


def _copies(form: list[Memory]) -> Iterator[Problem]:
    if form:
        message = f"{len(form)} memories say nearly the same with other values, as the copies of a form do"
        examples = f"such as {cited(form[0])} and {cited(form[-1])}"
        yield Problem(f"{message}, {examples}", "compare a few of them; leave out what says the same as another")


def rejected_before(case: Case) -> Iterator[Problem]:
    """A claim that was rejected, in whatever session; a memory that says the same already is not asked again."""
    claim, proposed = claim_hash(case.after), case.proposed
    rejection = case.context.store.elsewhere.rejection(claim) if case.is_new_claim else None
    if rejection and not proposed.holds(claim, except_for=case.after.id):
        reason = f": {rejection.reason}" if rejection.reason else ", without a reason"
        message = f"the same claim was rejected on {rejection.at:%Y-%m-%d} in the session {rejection.session}{reason}"
        step = f"leave it out, or say what has changed since; `mem session show {rejection.session}` shows the decision"
        yield Problem(message, step, BLOCK if case.context.agent else WARN)
