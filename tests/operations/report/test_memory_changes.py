"""Diffs as parts: lines of one kind together, gaps marked, long ones cut."""

from __future__ import annotations

from memcli.operations.report.memory_changes import MOST_LINES, diff_parts


def test_lines_of_one_kind_are_one_part() -> None:
    old, new = "a\nb\nc\nd\ne\nf\ng\nh\n", "a\nB1\nB2\nc\nd\ne\nf\ng\n@h\n"
    assert list(diff_parts(old, new)) == [
        (" ", "a"), ("-", "b"), ("+", "B1\nB2"), (" ", "c"), ("@", ""), (" ", "g"), ("-", "h"), ("+", "@h"),
    ]  # fmt: skip


def test_equal_texts_differ_in_nothing() -> None:
    assert list(diff_parts("a\n", "a\n")) == []


def test_a_long_diff_is_cut() -> None:
    parts = list(diff_parts("", "x\n" * 1_000))
    assert parts == [("+", "\n".join(["x"] * MOST_LINES)), ("@", "")]
