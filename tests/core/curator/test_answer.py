"""Reading an answer never raises: it gives edits, refusals with reasons, or one failure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.curator.answer import CuratorAnswer, parse_answer
from memcli.core.curator.curator_edit import FIELDS, MAX_REASON

RETIRE = {"edit": "retire", "id": "X", "reason": "old"}
VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 7, -0.5, float("nan"), "", " ", "text", "a\0b", "\ud800", "x" * 600, [], ["a", "b"], ["a", 1], [[]],
     {}, {"id": "a", "reason": "b"}, [{"id": "a", "reason": "b"}]]
)  # fmt: skip
NAMES = sorted({name for required, optional in FIELDS.values() for name in (*required, *optional)})
EDITS = st.dictionaries(st.sampled_from([*NAMES, "edit", "pin"]), VALUES, max_size=10).flatmap(
    lambda fields: st.sampled_from([*sorted(FIELDS), None]).map(
        lambda form: {**fields, "edit": form} if form else fields
    )
)


def answer_with(**fields: Any) -> CuratorAnswer:
    return parse_answer(json.dumps({"edits": [fields]}), 10)


def reason_of(**fields: Any) -> str:
    answer = answer_with(**fields)
    assert not answer.edits and not answer.failure
    return answer.refused[0].reason


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(data: bytes) -> None:
    assert isinstance(parse_answer(data, 10), CuratorAnswer)


@given(st.lists(EDITS, max_size=6))
def test_each_edit_is_typed_or_refused_with_a_reason(edits: list[dict[str, Any]]) -> None:
    answer = parse_answer(json.dumps({"edits": edits}, allow_nan=True), 100)
    if not answer.failure:
        assert len(answer.edits) + len(answer.refused) == len(edits)
    else:
        assert "NaN" in answer.failure or "Infinity" in answer.failure
    assert all(refusal.reason for refusal in answer.refused) and all(edit.reason for edit in answer.edits)


@pytest.mark.parametrize(
    "text, why",
    [
        ("", "not JSON"),
        ("sure, here are the edits", "not JSON"),
        ("{}", "no list of 'edits'"),
        ('{"edits": {}}', "no list of 'edits'"),
        ('{"edits": [], "edits": [1]}', "no list of 'edits'"),
        ('{"edits": [NaN]}', "NaN"),
        ('{"edits": [' + "[" * 200_000, "nested"),
        ("[" * 2_000_000, "nested"),
    ],
)
def test_other_documents_fail_as_a_whole(text: str, why: str) -> None:
    answer = parse_answer(text, 10)
    assert why in answer.failure and not answer.edits


def test_bytes_that_are_not_utf8_fail_as_a_whole() -> None:
    assert "UTF-8" in parse_answer(b'{"edits": ["\xff"]}', 10).failure


def test_a_list_alone_is_an_answer() -> None:
    assert [edit.form for edit in parse_answer(json.dumps([RETIRE]), 10).edits] == ["retire"]


def test_an_answer_may_name_its_job() -> None:
    assert parse_answer('{"job": "abc", "edits": []}', 10).job == "abc"
    assert parse_answer('{"job": 5, "edits": []}', 10).job == ""


def test_a_number_is_not_an_id_however_long() -> None:
    assert reason_of(edit="retire", id=7, reason="x") == "'id' is not a string"
    huge = '{"edits": [{"edit": "retire", "reason": "x", "id": ' + "9" * 100_000 + "}]}"
    assert parse_answer(huge, 10).refused[0].reason == "'id' is not a string"


def test_a_repeated_field_refuses_only_its_edit() -> None:
    text = '{"edits": [{"edit": "retire", "id": "A", "id": "B", "reason": "x"}, ' + json.dumps(RETIRE) + "]}"
    answer = parse_answer(text, 10)
    assert [edit.id for edit in answer.edits] == ["X"]
    assert "twice" in answer.refused[0].reason


@pytest.mark.parametrize("reason", ["", "  \n ", None])
def test_a_reason_is_required(reason: str | None) -> None:
    assert "reason" in reason_of(edit="retire", id="X", reason=reason)


@pytest.mark.parametrize(
    "fields, why",
    [
        ({"edit": "delete", "id": "X", "reason": "r"}, "unknown edit: 'delete'"),
        ({"edit": ["retire"], "id": "X", "reason": "r"}, "unknown edit: 'missing'"),
        ({"edit": "retire", "reason": "r"}, "missing: id"),
        ({"edit": "retire", "id": ["X"], "reason": "r"}, "'id' is not a string"),
        ({"edit": "retire", "id": "X", "reason": "r", "pin": True}, "no field 'pin'"),
        ({"edit": "edit", "id": "X", "reason": "r", "body": " \n"}, "the body is empty"),
        ({"edit": "edit", "id": "X", "reason": "r", "body": "a\0b"}, "NUL"),
        ({"edit": "edit", "id": "X", "reason": "r", "body": "\ud800"}, "not UTF-8"),
        ({"edit": "edit", "id": "X", "reason": "r", "title": "x" * 121}, "longer than 120"),
        ({"edit": "edit", "id": "X", "reason": "r", "evidence": "human"}, "no field 'evidence'"),
        ({"edit": "merge", "id": "X", "from": [1], "body": "b", "reason": "r"}, "not a list of strings"),
        ({"edit": "merge", "id": "X", "from": [str(n) for n in range(51)], "body": "b", "reason": "r"}, "more than 50"),
        ({"edit": "verdict", "verdict": "approve", "reject": ["X"], "reason": "r"}, "not a list of {id, reason}"),
        (
            {"edit": "verdict", "verdict": "approve", "reject": [{"id": "X"}], "reason": "r"},
            "not a list of {id, reason}",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(fields: dict[str, Any], why: str) -> None:
    assert why in reason_of(**fields)


def test_texts_are_normalised_like_files() -> None:
    edit = answer_with(
        edit="edit", id=" X ", title="two\nlines", body="\r\nUne\u0301\r\n\r\n", reason="a\n\nMem-Watermark: b"
    ).edits[0]
    assert (edit.id, edit.title, edit.body) == ("X", "two lines", "Un\u00e9\n")
    assert edit.reason == "a Mem-Watermark: b"


def test_a_long_reason_is_cut() -> None:
    assert len(answer_with(edit="retire", id="X", reason="x" * 100_000).edits[0].reason) == MAX_REASON


def test_a_single_id_is_a_list_of_one() -> None:
    assert answer_with(edit="attention", id="X", reason="r", **{"with": "Y"}).edits[0].others == ("Y",)


def test_edits_above_the_limit_are_counted_but_not_read() -> None:
    answer = parse_answer(json.dumps({"edits": [RETIRE] * 1000}), 10)
    assert len(answer.edits) == 10
    assert [refusal.reason for refusal in answer.refused] == ["990 further edits: a job takes at most 10"]


def test_a_refusal_quotes_no_terminal_escapes() -> None:
    assert answer_with(edit="\x1b[2J", id="\x1b]0;x\x07").refused[0] == answer_with(edit="?[2J", id="?]0;x?").refused[0]
