"""Reading an answer never fails: edits, or refusals with reasons, or one failure for the whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.curator.answer import FIELDS, MAX_REASON, Answer, parse

RETIRE = {"edit": "retire", "id": "X", "reason": "old"}
VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 7, -0.5, float("nan"), "", " ", "text", "a\0b", "\ud800", "x" * 600, [], ["a", "b"], ["a", 1], [[]],
     {}, {"id": "a", "reason": "b"}, [{"id": "a", "reason": "b"}]]
)  # fmt: skip
NAMES = sorted({name for needed, possible in FIELDS.values() for name in (*needed, *possible)})
EDITS = st.dictionaries(st.sampled_from([*NAMES, "edit", "pin"]), VALUES, max_size=10).flatmap(
    lambda said: st.sampled_from([*sorted(FIELDS), None]).map(lambda form: {**said, "edit": form} if form else said)
)


def one(**fields: Any) -> Answer:
    return parse(json.dumps({"edits": [fields]}), 10)


def reason_of(**fields: Any) -> str:
    found = one(**fields)
    assert not found.edits and not found.failure
    return found.refused[0].reason


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    assert isinstance(parse(data, 10), Answer)


@given(st.lists(EDITS, max_size=6))
def test_each_edit_is_typed_or_refused_with_a_reason(edits: list[dict[str, Any]]) -> None:
    found = parse(json.dumps({"edits": edits}, allow_nan=True), 100)
    if not found.failure:
        assert len(found.edits) + len(found.refused) == len(edits)
    else:
        assert "NaN" in found.failure or "Infinity" in found.failure
    assert all(refusal.reason for refusal in found.refused) and all(edit.reason for edit in found.edits)


@pytest.mark.parametrize(
    "text, why",
    [
        ("", "no JSON"),
        ("sure, here are the edits", "no JSON"),
        ("{}", "no list of 'edits'"),
        ('{"edits": {}}', "no list of 'edits'"),
        ('{"edits": [], "edits": [1]}', "no list of 'edits'"),
        ('{"edits": [NaN]}', "NaN"),
        ('{"edits": [' + "[" * 200_000, "nested"),
        ("[" * 2_000_000, "nested"),
    ],
)
def test_what_is_no_answer_fails_as_a_whole(text: str, why: str) -> None:
    found = parse(text, 10)
    assert why in found.failure and not found.edits


def test_bytes_that_are_no_text_fail_as_a_whole() -> None:
    assert "UTF-8" in parse(b'{"edits": ["\xff"]}', 10).failure


def test_a_list_alone_is_an_answer() -> None:
    assert [edit.form for edit in parse(json.dumps([RETIRE]), 10).edits] == ["retire"]


def test_an_answer_says_which_job_it_is_for() -> None:
    assert parse('{"job": "abc", "edits": []}', 10).job == "abc"
    assert parse('{"job": 5, "edits": []}', 10).job == ""


def test_numbers_of_any_length_are_no_text() -> None:
    assert reason_of(edit="retire", id=7, reason="x") == "'id' is no text"
    huge = '{"edits": [{"edit": "retire", "reason": "x", "id": ' + "9" * 100_000 + "}]}"
    assert parse(huge, 10).refused[0].reason == "'id' is no text"


def test_a_field_that_stands_twice_refuses_its_edit_alone() -> None:
    text = '{"edits": [{"edit": "retire", "id": "A", "id": "B", "reason": "x"}, ' + json.dumps(RETIRE) + "]}"
    found = parse(text, 10)
    assert [edit.id for edit in found.edits] == ["X"]
    assert "twice" in found.refused[0].reason


@pytest.mark.parametrize("reason", ["", "  \n ", None])
def test_a_reason_is_owed(reason: str | None) -> None:
    assert "reason" in reason_of(edit="retire", id="X", reason=reason)


@pytest.mark.parametrize(
    "fields, why",
    [
        ({"edit": "delete", "id": "X", "reason": "r"}, "no form of edit: 'delete'"),
        ({"edit": ["retire"], "id": "X", "reason": "r"}, "no form of edit: 'missing'"),
        ({"edit": "retire", "reason": "r"}, "lacks id"),
        ({"edit": "retire", "id": ["X"], "reason": "r"}, "'id' is no text"),
        ({"edit": "retire", "id": "X", "reason": "r", "pin": True}, "no field 'pin'"),
        ({"edit": "edit", "id": "X", "reason": "r", "body": " \n"}, "the body is empty"),
        ({"edit": "edit", "id": "X", "reason": "r", "body": "a\0b"}, "NUL"),
        ({"edit": "edit", "id": "X", "reason": "r", "body": "\ud800"}, "not UTF-8"),
        ({"edit": "edit", "id": "X", "reason": "r", "title": "x" * 121}, "longer than 120"),
        ({"edit": "edit", "id": "X", "reason": "r", "evidence": "human"}, "no field 'evidence'"),
        ({"edit": "merge", "id": "X", "from": [1], "body": "b", "reason": "r"}, "no list of words"),
        ({"edit": "merge", "id": "X", "from": [str(n) for n in range(51)], "body": "b", "reason": "r"}, "more than 50"),
        ({"edit": "verdict", "verdict": "approve", "reject": ["X"], "reason": "r"}, "no list of {id, reason}"),
        ({"edit": "verdict", "verdict": "approve", "reject": [{"id": "X"}], "reason": "r"}, "no list of {id, reason}"),
    ],
)
def test_what_is_wrong_with_an_edit_is_said(fields: dict[str, Any], why: str) -> None:
    assert why in reason_of(**fields)


def test_texts_are_as_files_have_them() -> None:
    edit = one(
        edit="edit", id=" X ", title="two\nlines", body="\r\nUne\u0301\r\n\r\n", reason="a\n\nMem-Watermark: b"
    ).edits[0]
    assert (edit.id, edit.title, edit.body) == ("X", "two lines", "Un\u00e9\n")
    assert edit.reason == "a Mem-Watermark: b"


def test_a_long_reason_is_cut() -> None:
    assert len(one(edit="retire", id="X", reason="x" * 100_000).edits[0].reason) == MAX_REASON


def test_one_id_stands_for_a_list_of_one() -> None:
    assert one(edit="attention", id="X", reason="r", **{"with": "Y"}).edits[0].others == ("Y",)


def test_more_edits_than_the_job_takes_are_counted_not_read() -> None:
    found = parse(json.dumps({"edits": [RETIRE] * 1000}), 10)
    assert len(found.edits) == 10
    assert [refusal.reason for refusal in found.refused] == ["990 further edits: a job takes at most 10"]


def test_a_report_quotes_nothing_that_a_terminal_would_obey() -> None:
    assert one(edit="\x1b[2J", id="\x1b]0;x\x07").refused[0] == one(edit="?[2J", id="?]0;x?").refused[0]
