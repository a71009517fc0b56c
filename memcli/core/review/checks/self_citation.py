"""The check for what mem itself has said: echo, a context pack or lines of one written down as if they were news."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.finding import Problem
from memcli.core.memory.identity import short
from memcli.core.pack.frame import quotes_pack
from memcli.core.review.checks.case import Case


def echo(case: Case) -> Iterator[Problem]:
    """A memory that repeats what was recalled: it would be found twice, and cited as if it stood for itself."""
    if case.says_news and (quotes_pack(case.after.body) or quotes_pack(case.after.title)):
        step = f"keep only what is new, in words of its own (`mem edit {short(case.after.id)}`), or reject it"
        yield Problem("repeats text from a context pack", step)
