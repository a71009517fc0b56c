"""Questions as data: one line each, one of each subject, whatever their reasons say."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.document import new_document, parse_document
from memcli.core.memory.questions import (
    CONFLICT,
    CONTRADICTION,
    DOUBT,
    NEAR_DUPLICATE,
    QUESTION_KINDS,
    Question,
    attention_value,
    doubt,
    listed_questions,
    parse_question,
    with_question,
    without_question,
)
from memcli.core.memory.schema import read_memory

ONE, TWO = "01K9Z3V5C4M8Q2T7R6W1XABCDE", "01K9Z3V5C4M8Q2T7R6W1XABCDF"
DAY, LATER = "2026-11-30", "2026-12-01"
REASONS = st.text(min_size=1, max_size=80).map(lambda text: " ".join(text.split())).filter(bool) | st.sampled_from(
    [f"differs: 10 against 12 (since {DAY})", f"doubt {ONE}: x (since {DAY})", "a; b, c: d", "(", ":"]
)
QUESTIONS = st.builds(
    Question,
    st.sampled_from(QUESTION_KINDS[1:]),
    st.lists(st.sampled_from([ONE, TWO]), unique=True).map(tuple),
    REASONS,
    st.sampled_from([DAY, LATER]),
)


@given(QUESTIONS)
def test_a_question_is_read_back_from_its_line(question: Question) -> None:
    assert parse_question(question.line) == question


@given(st.lists(QUESTIONS, max_size=4))
def test_questions_survive_a_file(questions: list[Question]) -> None:
    text = new_document({"attention": attention_value(questions)}, "x\n").text()
    assert listed_questions(parse_document(text).get("attention")) == tuple(questions)


def test_a_line_is_readable() -> None:
    question = Question(CONTRADICTION, (ONE,), "numbers differ:\n10 against 12", DAY)
    assert question.line == f"contradiction {ONE}: numbers differ: 10 against 12 (since {DAY})"


def test_an_authors_own_text_is_a_doubt_and_stays_as_it_was_written() -> None:
    for text in (
        "ask Ann",
        f"contradiction: without a day {ONE}",
        f"conflict: not mine to say (since {DAY})",
        "two\nlines",
    ):
        assert listed_questions(text) == (Question(DOUBT, (), text, ""),)
        listed = with_question(text, doubt("drifted", "a.py", DAY))
        assert listed == (text, f"doubt: drifted: a.py (since {DAY})")
        assert without_question(listed, doubt("drifted", "", DAY)) == (text,)


def test_a_later_question_on_a_subject_replaces_the_earlier_one() -> None:
    near, differs = (
        Question(kind, (ONE,), reason, DAY) for kind, reason in ((NEAR_DUPLICATE, "a"), (CONTRADICTION, "b"))
    )
    assert with_question(with_question(None, near), differs) == (differs.line,)
    drifted, rules = doubt("drifted", "a.py", DAY), doubt("holds_if is false", "a.py exists", DAY)
    listed = with_question(with_question((differs.line,), drifted), rules)
    assert listed == (differs.line, drifted.line, rules.line)
    assert with_question(listed, doubt("drifted", "b.py", LATER)) == (
        differs.line, f"doubt: drifted: b.py (since {LATER})", rules.line)  # fmt: skip
    assert with_question(listed, doubt("drifted", "a.py", LATER)) == listed, "asked again, it is as old as it was"
    assert without_question((drifted.line,), drifted) is None


@given(st.lists(QUESTIONS, max_size=4), QUESTIONS)
def test_a_question_asked_and_taken_back_leaves_the_others(questions: list[Question], question: Question) -> None:
    others = attention_value(other for other in questions if other.subject != question.subject)
    asked = with_question(others, question)
    assert with_question(asked, question) == asked
    assert without_question(asked, question) == others


def test_a_memory_tells_its_conflict_first() -> None:
    front = {"id": ONE, "title": "t", "created": "2026-11-20T09:30:00Z", "modified": "2026-11-21T09:30:00Z"}
    memory, _ = read_memory(
        new_document({**front, "title_other": "u", "conflict_other": {"topic": "x"}, "attention": "ask\nAnn"}, "x\n")
    )
    assert memory is not None and memory.modified == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert memory.questions == (
        Question(CONFLICT, (), "two versions differ in: title, topic", "2026-11-21"),
        Question(DOUBT, (), "ask Ann", "2026-11-21"),
    )
