"""What messages tell of the sessions and commits in them, however a forge has put them together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session.message_evidence import message_evidence

ONE, TWO = "1" * 40, "2" * 40


@pytest.mark.parametrize(
    ("message", "sessions", "is_own", "is_complete"),
    [
        ("Fix\n\nMem-Session: a\n", ("a",), True, True),
        ("Fix\n\n- did x\n- did y\n\nMem-Session: a\nSigned-off-by: A <a@b>\n", ("a",), True, True),
        ("Fix\n\nMem-Session: a\n\nCo-authored-by: B <b@c>\n", ("a",), True, True),
        ("Fix\r\n\r\nMem-Session: a\r\n", ("a",), True, True),
        ("Land (#1)\n\n* Fix\n\nMem-Session: a\n\n* More\n\n  Mem-Session: b\n\nCo-authored-by: B <b@c>", ("a", "b"),
         False, True),
        ("Land (#1)\n\n* Fix\n\n  Mem-Session: a\n\n* By hand\n", ("a",), False, False),
        ("Land\n\n* Fix\n* Mem-Session: a\n* Mem-Session: b\n", ("a", "b"), False, True),
        ("First\n\nMem-Session: a\n\nSecond\n\nMem-Session: b\n", ("a", "b"), False, True),
        ("First\n\nMem-Session: a\n\nSecond by hand\n", ("a",), False, True),
        ("Mem-Session: a", ("a",), False, True),
        ("about Mem-Session: a and more", (), False, False),
        ("Fix\n\nMem-Session: ../x\n", (), False, False),
    ],
)  # fmt: skip
def test_trailers_count_wherever_they_stand(
    message: str, sessions: tuple[str, ...], is_own: bool, is_complete: bool
) -> None:
    evidence = message_evidence(message)
    assert (evidence.sessions, evidence.is_own, evidence.is_complete) == (sessions, is_own, is_complete)


def test_commits_that_a_message_names() -> None:
    squash = f"topic\n\nSquashed commit of the following:\n\ncommit {ONE}\nAuthor: A\n\n    one\n\ncommit {TWO}\n"
    assert message_evidence(squash).squashed == (ONE, TWO) and not message_evidence(f"commit {ONE}\n").squashed
    assert message_evidence(f"one\n\n(cherry picked from commit {ONE})\n").picked == ONE
    revert = message_evidence(f'Revert "one"\n\nThis reverts commit {ONE}.\n')
    assert (revert.reverted, revert.is_revert, revert.is_reapplied) == (ONE, True, False)
    again = message_evidence(f'Reapply "one"\n\nThis reverts commit {TWO}.\n')
    assert (again.reverted, again.is_revert, again.is_reapplied) == (TWO, False, True)


@given(
    st.text() | st.lists(st.sampled_from(["* ", "\n", "\n\n", "Mem-Session: a", "commit " + ONE, " x"])).map("".join)
)
def test_any_message_is_read(message: str) -> None:
    assert set(message_evidence(message).sessions) <= {"a"}
