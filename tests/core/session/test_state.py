"""A session's state is what its commits' last paragraphs say, in their order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from memcli.core.session.commit_message import commit_message
from memcli.core.session.state import CLOSED, OPEN, FoldedCommit, RejectedContent, fold

BEGIN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
IDENTITY = [("Mem-Session", "retries"), ("Mem-Base", "b" * 40)]


def _commits(*messages: str) -> list[FoldedCommit]:
    """Newest first, as git walks them."""
    commits = [FoldedCommit(str(n) * 40, text, "Ada", BEGIN + timedelta(hours=n)) for n, text in enumerate(messages)]
    return commits[::-1]


START = commit_message("session: retries", "retry limits\n\nfor webhooks", [("Mem-Start", "2026"), *IDENTITY])


def test_the_start_gives_name_base_and_task() -> None:
    session = fold("retries", _commits(START))
    assert session is not None
    assert (session.base, session.task, session.state) == ("b" * 40, "retry limits\n\nfor webhooks", OPEN)
    assert session.started == session.updated == BEGIN


def test_later_commits_replace_what_earlier_ones_said() -> None:
    update = commit_message("update", "", [("Mem-Session", "retries"), ("Mem-Base", "c" * 40)])
    closed = commit_message("close", "", [("Mem-Session", "retries"), ("Mem-Base", "c" * 40), ("Mem-State", CLOSED)])
    session = fold("retries", _commits(START, update, closed))
    assert session is not None
    assert (session.base, session.state, session.tip) == ("c" * 40, CLOSED, "2" * 40)


def test_a_rejection_is_remembered_until_it_is_taken_back() -> None:
    reject = commit_message("reject", "", [*IDENTITY, ("Mem-Reject", "ID1 abc not true"), ("Mem-Reject", "ID2 def")])
    back = commit_message("undo", "", [*IDENTITY, ("Mem-Unreject", "ID1 abc")])
    rejected, undone = fold("retries", _commits(START, reject)), fold("retries", _commits(START, reject, back))
    assert rejected is not None and undone is not None
    assert rejected.rejections == (RejectedContent("ID1", "abc", "not true"), RejectedContent("ID2", "def", ""))
    assert undone.rejections == (RejectedContent("ID2", "def", ""),)


def test_one_agent_makes_it_an_agents_session() -> None:
    added = commit_message("add: x", "", [*IDENTITY, ("Mem-Agent", "codex")])
    by_person = commit_message("add: y", "", IDENTITY)
    session = fold("retries", _commits(START, added, by_person))
    assert session is not None and session.agent == "codex"


def test_what_lies_before_the_start_does_not_count() -> None:
    earlier = commit_message("add: old", "", [("Mem-Session", "other"), ("Mem-State", CLOSED)])
    session = fold("retries", _commits(earlier, START))
    assert session is not None and session.state == OPEN


def test_commits_of_the_code_are_no_session() -> None:
    assert fold("retries", _commits("fix: a bug\n\nSigned-off-by: Ada\n")) is None
