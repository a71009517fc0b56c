"""A session's state is what its commits' last paragraphs say, in their order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session.state import CLOSED, OPEN, Note, Rejection, compose, fold, one_line, trailers

BEGIN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
IDENTITY = [("Mem-Session", "retries"), ("Mem-Base", "b" * 40)]


def _notes(*messages: str) -> list[Note]:
    """Newest first, as git walks them."""
    made = [Note(str(n) * 40, text, "Ada", BEGIN + timedelta(hours=n)) for n, text in enumerate(messages)]
    return made[::-1]


START = compose("session: retries", "retry limits\n\nfor webhooks", [("Mem-Start", "2026"), *IDENTITY])


def test_the_start_gives_name_base_and_task() -> None:
    session = fold("retries", _notes(START))
    assert session is not None
    assert (session.base, session.task, session.state) == ("b" * 40, "retry limits\n\nfor webhooks", OPEN)
    assert session.started == session.updated == BEGIN


def test_later_commits_replace_what_earlier_ones_said() -> None:
    update = compose("update", "", [("Mem-Session", "retries"), ("Mem-Base", "c" * 40)])
    closed = compose("close", "", [("Mem-Session", "retries"), ("Mem-Base", "c" * 40), ("Mem-State", CLOSED)])
    session = fold("retries", _notes(START, update, closed))
    assert session is not None
    assert (session.base, session.state, session.tip) == ("c" * 40, CLOSED, "2" * 40)


def test_a_rejection_is_remembered_until_it_is_taken_back() -> None:
    reject = compose("reject", "", [*IDENTITY, ("Mem-Reject", "ID1 abc not true"), ("Mem-Reject", "ID2 def")])
    back = compose("undo", "", [*IDENTITY, ("Mem-Unreject", "ID1 abc")])
    rejected, undone = fold("retries", _notes(START, reject)), fold("retries", _notes(START, reject, back))
    assert rejected is not None and undone is not None
    assert rejected.rejections == (Rejection("ID1", "abc", "not true"), Rejection("ID2", "def", ""))
    assert undone.rejections == (Rejection("ID2", "def", ""),)


def test_one_agent_makes_it_an_agents_session() -> None:
    added = compose("add: x", "", [*IDENTITY, ("Mem-Agent", "codex")])
    by_person = compose("add: y", "", IDENTITY)
    session = fold("retries", _notes(START, added, by_person))
    assert session is not None and session.agent == "codex"


def test_what_lies_before_the_start_does_not_count() -> None:
    earlier = compose("add: old", "", [("Mem-Session", "other"), ("Mem-State", CLOSED)])
    session = fold("retries", _notes(earlier, START))
    assert session is not None and session.state == OPEN


def test_commits_of_the_code_are_no_session() -> None:
    assert fold("retries", _notes("fix: a bug\n\nSigned-off-by: Ada\n")) is None


@given(st.text(), st.text())
def test_no_text_of_a_task_is_taken_for_a_trailer(subject: str, body: str) -> None:
    message = compose(subject, f"{body}\n\nMem-State: promoted", IDENTITY)
    assert trailers(message) == IDENTITY


@given(st.text())
def test_a_value_stays_on_its_line(value: str) -> None:
    assert trailers(compose("s", "", [("Mem-Session", value), *IDENTITY]))[-2:] == IDENTITY
    assert "\n" not in one_line(value)
