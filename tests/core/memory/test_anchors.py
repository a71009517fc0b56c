"""Anchors: how they are written, and which globs mean which paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.anchors import Anchor, has_wildcards, matches, matching, tidied
from memcli.git import code_tree as code

SIGNS = st.text("ab/*?[]!-.^&~|\\", max_size=8)
PATHS = st.lists(st.text("ab[]!.", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join)


@pytest.mark.parametrize(
    ("glob", "path", "does"),
    [
        ("src/**/*.py", "src/a.py", True),
        ("src/**/*.py", "src/a/b/c.py", True),
        ("src/**/*.py", "lib/src/a.py", False),
        ("src/**", "src/a/b.py", True),
        ("src/**", "srcs/a.py", False),
        ("**/*.py", "a.py", True),
        ("**/tests/**", "a/tests/b/c.py", True),
        ("src/*", "src/a/b.py", True),
        ("src/*.py", "src/a/b.py", False),
        ("src/a?.py", "src/ab.py", True),
        ("src/a?.py", "src/a/.py", False),
        ("app/[id]/page.tsx", "app/[id]/page.tsx", True),
        ("app/[id]", "app/[id]/page.tsx", True),
        ("app/[id]/*.tsx", "app/i/page.tsx", True),
        ("./src/*.py", "src/a.py", True),
        ("src/[a-c].py", "src/b.py", True),
        ("src/[!a-c].py", "src/b.py", False),
        ("src/[!a-c].py", "src/d.py", True),
        ("src/[^a].py", "src/d.py", True),
        ("src[!a]b.py", "src/b.py", False),
        ("src/[a-].py", "src/-.py", True),
        ("src/[!].py", "src/!.py", True),
        ("src/[z-a].py", "src/[z-a].py", True),
        ("src/[z-a]*.py", "src/[z-a]b.py", True),
        ("[", "[", True),
        ("[*", "[a", True),
    ],
)
def test_globs(glob: str, path: str, does: bool) -> None:
    assert matches(glob, path) is does
    assert matching([glob], [path, "other"]) == ([glob] if does else [])


@given(st.text())
@pytest.mark.filterwarnings("error")
def test_any_text_is_a_glob(glob: str) -> None:
    assert matches(glob, "src/a.py") in (True, False)


@given(SIGNS)
@pytest.mark.filterwarnings("error")
def test_any_signs_are_a_glob(glob: str) -> None:
    assert matches(glob, "a") in (True, False)


@given(PATHS)
def test_a_path_means_itself_and_what_is_below(path: str) -> None:
    assert matches(tidied(path), tidied(path)) and matches(path, f"{tidied(path)}/b")


@given(st.lists(SIGNS, max_size=3), st.lists(PATHS, max_size=6))
def test_many_paths_are_matched_as_each_is(globs: list[str], paths: list[str]) -> None:
    assert matching(globs, paths) == [glob for glob in globs if any(matches(glob, path) for path in paths)]


@given(st.text())
def test_both_rows_agree_on_what_a_glob_is(path: str) -> None:
    assert has_wildcards(path) is code.is_pattern(path)


@given(st.text(min_size=1), st.text("0123456789abcdef", min_size=8, max_size=40))
def test_a_blob_is_what_stands_behind_the_last_at(path: str, blob: str) -> None:
    assert Anchor.parse(f"{path}@{blob}") == Anchor(path, blob)
    assert str(Anchor(path, blob)) == f"{path}@{blob}"
