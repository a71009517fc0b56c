"""The check of a memory that another one takes the place of: orphaned.

Memories with a key are left out: their timelines are arranged at promotion.
"""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
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
        others = (case.after.superseded_by,) if case.after.superseded_by else ()
        yield Problem(message, "promote both together, or reject both", with_ids=others)


def _is_superseded(case: Case) -> bool:
    """Whether the candidate supersedes a memory that was active and has no key."""
    was_active = case.before is not None and case.before.status == "active"
    return was_active and case.after.status == "superseded" and not case.after.key
