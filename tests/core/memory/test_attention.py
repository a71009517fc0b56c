"""Remarks on a memory: each replaces its own kind only, and comes off again without a trace."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.attention import with_question, with_questions

REMARKS = st.text("ab;, \n\r\u2028", min_size=1)
OTHERS = st.lists(st.text("xyz,;", min_size=1).filter(lambda text: not text.startswith("kind: ")), min_size=1)


def test_a_remark_replaces_its_own_kind_only() -> None:
    said = with_question("asked by Ann", "drifted: ", "a.py; lost\nRETRIES")
    assert said == "asked by Ann; drifted: a.py, lost RETRIES"
    assert with_question(f"{said}; and by Bob", "drifted: ", "b") == "asked by Ann; drifted: b; and by Bob"
    assert with_question(said, "drifted: ", "b.py has changed") == "asked by Ann; drifted: b.py has changed"
    assert with_question(said, "drifted: ", None) == "asked by Ann"
    assert with_question("drifted: x", "drifted: ", None) is None
    assert with_question(None, "drifted: ", "") is None and with_question(("a", "b"), "drifted: ", None) is None


@given(st.none() | OTHERS.map("; ".join), st.lists(REMARKS, max_size=3))
def test_said_twice_is_said_once_and_taken_back_is_as_before(known: str | None, remarks: list[str]) -> None:
    said = with_questions(known, "kind: ", remarks)
    assert with_questions(said, "kind: ", remarks) == said
    assert with_questions(said, "kind: ", []) == known
    assert len((said or "").splitlines()) <= 1
