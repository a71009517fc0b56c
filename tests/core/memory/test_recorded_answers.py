"""Answers are one line each, and hold until one of the memories claims something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.identity import MemoryId
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import CONTRADICTION, DOUBT, NEAR_DUPLICATE, QUESTION_KINDS, Question, doubt
from memcli.core.memory.recorded_answers import (
    Answer,
    claims_digest,
    is_answered,
    is_answered_pair,
    parse_answer_line,
    with_answer,
)

ONE, TWO = MemoryId("01K9Z3V5C4M8Q2T7R6W1XABCDE"), MemoryId("01K9Z3V5C4M8Q2T7R6W1XABCDF")
DAY = "2026-11-30"
REASONS = st.text(max_size=60).map(lambda text: " ".join(text.split()))


def memory(memory_id: MemoryId, **values: Any) -> Memory:
    at = parse_instant("2026-11-20T09:30:00Z")
    body = values.pop("body", "The cost is 12.\n")
    return replace(Memory(memory_id, "Cost", "semantic", "fact", "auth", body, at, at), **values)


def answered(question: Question, about: Memory, *others: Memory) -> Memory:
    digest = claims_digest(question, about, others)
    line = Answer(question.kind, question.with_ids, "kept both", DAY, digest, "two clusters").line
    return replace(about, resolved=(line,))


@given(
    st.sampled_from(QUESTION_KINDS),
    st.lists(st.sampled_from([ONE, TWO]), unique=True).map(tuple),
    st.sampled_from(["kept both", "kept ours", f"kept {ONE}", "still true", "edited"]),
    REASONS | st.just(f"on {DAY}, claims 0123456789ab: x"),
)
def test_an_answer_is_read_back_from_its_line(kind: str, ids: tuple[str, ...], text: str, because: str) -> None:
    answer = Answer(kind, ids, text, DAY, "0123456789ab", because)
    assert parse_answer_line(answer.line) == answer


@pytest.mark.parametrize("kind", [CONTRADICTION, NEAR_DUPLICATE])
def test_a_pair_is_answered_from_both_sides_until_one_of_them_claims_something_else(kind: str) -> None:
    other = memory(TWO, body="The cost is 10.\n")
    one = answered(Question(kind, (TWO,), "differs", DAY), memory(ONE), other)
    assert is_answered_pair(one, other) and is_answered_pair(other, one)
    later = parse_instant("2026-12-01")
    assert is_answered_pair(replace(one, modified=later, tags=("x",), title="y"), replace(other, topic="z"))
    for changes in ({"body": "The cost is 14.\n"}, {"key": "auth.cost"}, {"valid_from": later}, {"valid_to": later}):
        assert not is_answered_pair(replace(one, **changes), other)
        assert not is_answered_pair(one, replace(other, **changes))
    assert not is_answered_pair(one, memory(MemoryId("01K9Z3V5C4M8Q2T7R6W1XABCDG")))


def test_a_doubt_is_answered_for_its_reason() -> None:
    drifted = doubt("drifted", "a.py no longer has 7", DAY)
    one = answered(drifted, memory(ONE))
    assert is_answered(replace(drifted, since="2026-12-24"), one)
    assert not is_answered(doubt("drifted", "a.py no longer has 9", DAY), one)
    assert not is_answered(Question(DOUBT, (TWO,), drifted.reason, DAY), one)


def test_a_later_answer_about_the_same_memories_replaces_the_earlier_one() -> None:
    first, second = (Answer(kind, (TWO,), "kept both", DAY, "0" * 12) for kind in (NEAR_DUPLICATE, CONTRADICTION))
    other = Answer(DOUBT, (), "still true", DAY, "1" * 12)
    assert with_answer((first.line, "a note", other.line), second) == ("a note", other.line, second.line)
    assert parse_answer_line("a note") is None
