"""Checks against what is known already: duplicate, near-duplicate and contradiction."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory, memory_text
from memcli.core.review.checks.case import Case
from memcli.core.review.checks.context import cited
from memcli.core.review.secrets import find_secrets
from memcli.core.text.first_few import first_few


def duplicate(case: Case) -> Iterator[Problem]:
    """The memories, of the store or this session, with the same text under the same kind, key and status."""
    for other in case.proposed.same_content(case.after) if case.says_news else ():
        step = f"read `mem show {short(other.id)}` and improve that one, or leave this one out of the promotion"
        yield Problem(f"has the same text as {cited(other)}", step)


def near_duplicate(case: Case) -> Iterator[Problem]:
    """The memories that say nearly the same and make no other claim."""
    for other, differences in case.near_duplicates:
        if not differences:
            step = (
                f"compare with `mem show {short(other.id)}`; if it says the same, "
                f"improve it with `mem edit {short(other.id)}`"
            )
            yield Problem(f"says nearly the same as {cited(other)}", step)


def contradiction(case: Case) -> Iterator[Problem]:
    """The near-duplicates that make another claim about the same matter."""
    for other, differences in case.near_duplicates:
        if differences and _same_matter(case.after, other):
            claims = (
                "another claim"
                if find_secrets(memory_text(other))
                else first_few(map(str, differences), separator="; ")
            )
            step = (
                f"compare with `mem show {short(other.id)}`; if this one replaces it, record that with "
                f"`mem supersede {short(other.id)}`"
            )
            yield Problem(f"contradicts {cited(other)}: {claims}", step)


def _same_matter(after: Memory, other: Memory) -> bool:
    """Whether other claims contradict: not between two keys, two events, or times that do not meet."""
    if (after.key and other.key) or "episodic" in (after.kind, other.kind):
        return False
    apart = (after.valid_to and after.valid_to <= other.starts) or (other.valid_to and other.valid_to <= after.starts)
    return not apart
