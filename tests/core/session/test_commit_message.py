"""Commit messages: what is composed is read back, and no text of a task is taken for a trailer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session.commit_message import commit_message, one_line, trailers_of

IDENTITY = [("Mem-Session", "retries"), ("Mem-Base", "b" * 40)]


@given(st.text(), st.text())
def test_no_text_of_a_task_is_taken_for_a_trailer(subject: str, body: str) -> None:
    message = commit_message(subject, f"{body}\n\nMem-State: promoted", IDENTITY)
    assert trailers_of(message) == IDENTITY


@given(st.text())
def test_a_value_stays_on_its_line(value: str) -> None:
    assert trailers_of(commit_message("s", "", [("Mem-Session", value), *IDENTITY]))[-2:] == IDENTITY
    assert "\n" not in one_line(value)
