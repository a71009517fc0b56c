"""A session as one line of a list."""

from __future__ import annotations

from memcli.cli.options import Call
from memcli.cli.views.output import age, printable
from memcli.core.session.state import BRANCH_MERGED
from memcli.operations.sessions.list import SessionSummary


def session_line(this: Call, listed: SessionSummary, state: bool = True) -> str:
    """Name, state, what it proposes, who and when, its task, and what became of its code branch."""
    one = listed.session
    updated = age(one.updated, this.workspace.now) if one.updated else ""
    task = one.task.splitlines()[0] if one.task else ""
    words = [f"{one.name:<28}", *([f"{one.state:<9}"] if state else []), f"{len(listed.candidates):>4} candidates "]
    words += [f"{one.agent or one.author}, {updated} ", task, f"({branch_words(listed)})" if listed.branch else ""]
    return printable(" ".join(words).rstrip())


def branch_words(listed: SessionSummary) -> str:
    """What became of the session's code branch."""
    merged = listed.session.merged
    into = merged.into if merged and listed.branch == BRANCH_MERGED else None
    return f"its branch was merged into {into}" if into else "its branch is gone"
