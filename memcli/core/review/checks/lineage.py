"""Checks of a memory that another one takes the place of: orphaned and overtaken.

Memories with a key are left out: their timelines are arranged at promotion.
"""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.review.candidates import normalised_body
from memcli.core.review.checks.case import Case
from memcli.core.review.checks.context import cited


def orphaned(case: Case) -> Iterator[Problem]:
    """The successor has to name the memory that it takes the place of."""
    if not _is_superseded(case):
        return
    successor = case.proposed.memory(case.after.superseded_by or "")
    if successor is None or case.after.id not in (*successor.merged_from, *successor.supersedes):
        name = cited(successor) if successor else "the memory that supersedes this one"
        message = f"{name} does not name this memory in merged_from or supersedes: its text would be lost"
        yield Problem(message, "promote both together, or reject both")


def overtaken(case: Case) -> Iterator[Problem]:
    """The store may not have changed the memory meanwhile."""
    if not _is_superseded(case):
        return
    before, now = case.before, case.proposed.in_store(case.after.id)
    if before and now and normalised_body(now.body) != normalised_body(before.body):
        step = f"read it with `mem show {short(case.after.id)}` and reject this change; the next dream looks again"
        yield Problem("the store has a later edit of this memory, which would be lost", step)


def _is_superseded(case: Case) -> bool:
    """Whether the candidate supersedes a memory that was active and has no key."""
    was_active = case.before is not None and case.before.status == "active"
    return was_active and case.after.status == "superseded" and not case.after.key
