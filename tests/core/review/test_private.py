"""What is private leaves no trace in a text, as laws."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.review.private import has_private, value_without_private, without_private

SECRET = "XK7QZ"
PIECES = st.lists(
    st.sampled_from(
        ["<private>", "</private>", "<PRIVATE >", "</Private\n>", "<private/>", "<private id=1>", "<pri", "vate>", "<",
         ">", "/", "<privateer>", " ", "\n", "word", "é"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left", "count"),
    [
        ("a <private>b</private> c", "a  c", 1),
        ("a <PRIVATE>b</Private> c", "a  c", 1),
        ("a <private>b <private>c</private> d</private> e", "a  e", 1),
        ("a <private>b", "a ", 1),
        ("a <private>b</private>c<private>d</private>", "a c", 2),
        ("<pri<private>x</private>vate>b</private>c", "c", 2),
        ("a </private> b", "a </private> b", 0),
        ("a <private/> b", "a  b", 1),
        ("<private-key> and <privateer> stay", "<private-key> and <privateer> stay", 0),
        ("a < private > b", "a < private > b", 0),
        ("nothing", "nothing", 0),
        ("<private\n>b</private\n>c", "c", 1),
    ],
)
def test_private_parts_are_removed(text: str, left: str, count: int) -> None:
    assert without_private(text) == (left, count)
    assert has_private(text) == bool(count)


@given(PIECES, PIECES, PIECES)
def test_nothing_between_the_tags_survives(before: str, inside: str, after: str) -> None:
    text = f"{before}<private>{inside.replace('/', '')}{SECRET}</private>{after}"
    left, count = without_private(text)
    assert SECRET not in left and count
    assert not has_private(left)
    assert without_private(left) == (left, 0)


@given(PIECES)
def test_removing_twice_is_removing_once(text: str) -> None:
    left, _ = without_private(text)
    assert not has_private(left)
    assert without_private(left) == (left, 0)


@given(st.text())
def test_a_text_without_tags_is_unchanged(text: str) -> None:
    assert has_private(text) or without_private(text) == (text, 0)


def test_a_hostile_text_is_quick() -> None:
    text = "<pri" * 20_000 + "<private>x</private>" + "vate>" * 20_000
    begun = time.process_time()
    assert not has_private(without_private(text)[0])
    assert time.process_time() - begun < 2


def test_values_are_cleaned_at_any_depth() -> None:
    value = {"a": ("x", "<private>s</private>"), "b<private>t</private>": [{"c": "<private>u"}], "d": None, "e": 3}
    assert value_without_private(value) == ({"a": ("x", ""), "b": [{"c": ""}], "d": None, "e": 3}, 3)


@pytest.mark.parametrize(
    "opened",
    ['<private reason="x<y">', "<private reason='a>b<c'>", "<private it's>", "<private a='1' b=\"2\" >", "<private "],
)
def test_a_tag_with_any_attributes_opens(opened: str) -> None:
    assert without_private(f"a {opened}zq7marker") == ("a ", 1)
    assert has_private(f"a {opened}zq7marker")


@pytest.mark.parametrize("piece", [" ", ' a="b"', '"<', "<private ", "<private a='"])
def test_a_hostile_tag_is_quick(piece: str) -> None:
    begun = time.process_time()
    without_private("<private" + piece * 50_000 + "<")
    assert time.process_time() - begun < 2
