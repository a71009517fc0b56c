"""Checks against what is known already: duplicate and near-duplicate."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.review.checks.case import Case
from memcli.core.review.checks.context import cited
from memcli.core.review.claim import claim_text


def duplicate(case: Case) -> Iterator[Problem]:
    """A memory, of the store or this session, that says the same for a common time."""
    other = case.proposed.repeated_by(case.after) if case.says_news or case.is_moved else None
    if other:
        step = f"read `mem show {short(other.id)}` and improve that one, or leave this one out of the promotion"
        yield Problem(f"has the same text as {cited(other)}", step, with_ids=(other.id,))


def near_duplicate(case: Case) -> Iterator[Problem]:
    """The memories that say nearly the same and make no other claim, and the copies of a form, once for all of them."""
    for other, differences in case.near_duplicates:
        if not differences:
            session, is_same = case.proposed.session_of(other), claim_text(other.body) == claim_text(case.after.body)
            step = (
                f"compare with `mem review {session}`, and promote one of the two"
                if session
                else f"compare with `mem show {short(other.id)}`; if it says the same, "
                f"improve it with `mem edit {short(other.id)}`"
            )
            likeness = "the same" if is_same and other.key == case.after.key else "nearly the same"
            yield Problem(f"says {likeness} as {case.cite(other)}", step, with_ids=(other.id,))
    if case.unnamed:
        yield Problem(f"says nearly the same as {case.unnamed} more", "compare them; leave out what adds nothing")
    yield from _copies(case.proposed.look_alikes.form(case.after))


def _copies(form: list[Memory]) -> Iterator[Problem]:
    if form:
        message = f"{len(form)} memories say {_likeness(form)}"
        examples = f"such as {cited(form[0])} and {cited(form[-1])}"
        step = "compare a few of them; leave out what says the same as another"
        yield Problem(f"{message}, {examples}", step, with_ids=(form[0].id, form[-1].id))


def _likeness(form: list[Memory]) -> str:
    """What several memories have in common: all of their text, all that they claim, or the words of a form."""
    from memcli.core.text.claim_differences import claim_differences

    first, *others = {claim_text(memory.body): memory.body for memory in form}.values()
    if not others:
        return "the same, but for markup"
    if not any(claim_differences(first, other) for other in others):
        return "nearly the same"
    return "nearly the same with other values, as the copies of a form do"
