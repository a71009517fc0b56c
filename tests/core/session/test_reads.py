"""Recorded reads: written reads are read back, and no line of a foreign file raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session.reads import Read, read_lines

ID, BLOB = "01K9Z3V5C4M8Q2T7R6W1XABCDE", "a" * 40
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
READS = st.builds(
    Read,
    op=st.sampled_from(["recall", "show", "hydrate"]),
    at=st.datetimes().map(lambda date: f"{date:%Y-%m-%d}T00:00:00Z".rjust(20, "0")),
    tree=st.text("0123456789abcdef", min_size=40, max_size=40),
    query=TEXTS,
    parameters=st.dictionaries(TEXTS, st.one_of(st.none(), st.integers(), TEXTS), max_size=3),
    ids=st.lists(st.just((ID, BLOB)), max_size=3).map(tuple),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
)


@given(st.lists(READS, max_size=4))
def test_written_reads_are_read_back(reads: list[Read]) -> None:
    assert list(read_lines("".join(read.line() + "\n" for read in reads))) == reads


def test_a_line_separator_in_a_query_does_not_end_the_line() -> None:
    read = Read("recall", "2026-11-20T00:00:00Z", "", "one\u2028two\x85three", {}, ((ID, BLOB),), "0" * 64)
    assert list(read_lines(read.line())) == [read]


def line(**changed: Any) -> str:
    members = {"op": "recall", "at": "2026-11-20T00:00:00Z", "tree": "", "query": "q", "parameters": {},
            "ids": [[ID, BLOB]], "sha256": "0" * 64}  # fmt: skip
    return json.dumps(members | changed)


HOSTILE = [
    "", "null", "[]", "7", '"text"', "{", "[" * 100_000, '{"ids": []}', line(ids=None), line(ids="abc"), line(ids=[1]),
    line(ids=[[ID]]), line(ids=[[ID, BLOB, 3]]), line(ids={"a": 1}), line(ids=[["../../x", BLOB]]),
    line(ids=[["\ud800" * 26, BLOB]]), line(ids=[[ID, "HEAD"]]), line(ids=[[ID.lower(), BLOB]]), "9" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_lines_that_are_not_reads_are_left_out(text: str) -> None:
    assert [read.query for read in read_lines(f"{text}\n{line(query='after')}")] == ["after"]


def test_invalid_fields_become_empty() -> None:
    odd = line(op=7, query="a\ud800b", parameters="as_of", at="yesterday", tree=None)
    (read,) = read_lines(odd)
    assert (read.op, read.query, dict(read.parameters), read.at, read.tree) == ("", "a?b", {}, "", "")
    assert read.of_now


@given(st.text())
def test_reading_any_text_raises_nothing(text: str) -> None:
    list(read_lines(text))
