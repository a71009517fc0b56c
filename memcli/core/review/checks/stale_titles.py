"""The check of titles: title-differs."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.memory.titles import claims_gone
from memcli.core.review.checks.case import Case
from memcli.core.text.first_few import first_few


def title_differs(case: Case) -> Iterator[Problem]:
    """A changed memory whose title does not fit its body any more."""
    if case.before is not None:
        yield from title_problems(case.before, case.after)


def title_problems(before: Memory, after: Memory) -> Iterator[Problem]:
    """A title with numbers, dates or names that the body had before and has no more."""
    if before.body == after.body:
        return
    gone = claims_gone(after.title, before.body, after.body)
    if gone:
        step = f"correct the title with `mem edit {short(after.id)} --title TEXT`"
        yield Problem(f"the body no longer has what the title says: {first_few(gone)}", step)
