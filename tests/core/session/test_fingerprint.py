"""Fingerprints as text, and what counts as the same line and the same change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.session import fingerprint as fingerprints
from memcli.core.session.fingerprint import FileText, fingerprint, fingerprint_lines, patch_id, with_fingerprints
from memcli.core.session.line_hash import line_hash, line_weight

COMMIT = "1" * 40
LINES = st.lists(st.binary(max_size=20), max_size=5)
FILES = st.lists(st.builds(FileText, st.text(max_size=5), LINES, LINES), max_size=4)


@given(FILES, st.integers(0, 2**40))
def test_a_fingerprint_is_read_back_and_added_once(files: list[FileText], authored: int) -> None:
    made = fingerprint(COMMIT, authored, True, files)
    assert list(fingerprint_lines(made.line())) == [made]
    text = with_fingerprints("", [made])
    assert with_fingerprints(text, [made]) == text == made.line() + "\n"


@given(st.text() | st.sampled_from(['{"commit":1}', '{"commit":"x","files":[["a"]]}', "[]", '{"files":{"a":1}}']))
def test_any_text_is_read(text: str) -> None:
    assert list(fingerprint_lines(text)) == []


def test_white_space_and_what_any_code_has_do_not_count() -> None:
    assert line_hash(b"  a = 1\r\n") == line_hash(b"a=1") != line_hash(b"a=2")
    assert [line_hash(line) for line in (b"}", b"", b"else:", b"\t});", b"# ---", b"    return")] == [""] * 6
    assert line_weight(b"return total") == 11 and line_weight(b"}") == 0
    assert patch_id([FileText("a", [b"x  y\r\n"], [])]) == patch_id([FileText("a", [b"xy"], [])])
    assert patch_id([FileText("a", [b"x"], [])]) != patch_id([FileText("b", [b"x"], [])])


def test_commits_and_sessions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "MOST_LINES", 3)
    monkeypatch.setattr(fingerprints, "MOST_BYTES", 10)
    large = fingerprint(COMMIT, 1, True, [FileText("a", [f"line {n}".encode() for n in range(9)], [])])
    assert len(large.files[0].added) == 3 and not large.is_whole
    text = with_fingerprints("x" * 20 + "\n", [large])
    [kept] = fingerprint_lines(text)
    assert (kept.files, kept.patch, kept.is_whole) == ((), large.patch, False)
