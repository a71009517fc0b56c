"""A memory's parts: everything is in one, none is larger than its paragraphs demand, the same text gives the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.parts import MOST, SIZE, part_key, parts

LINES = ["# Retries\n", "word " * 40 + "\n", "\n", "```\n# no heading\n```\n", "x" * 700 + "\n", "- item\n"]
BODIES = st.lists(st.sampled_from(LINES), max_size=120).map("".join)


@given(BODIES)
def test_every_word_of_a_body_is_in_a_part_in_order(body: str) -> None:
    made = parts("Title", body)
    said = " ".join(part.removeprefix("Title\n") for part in made)
    assert said.split() == body.split()
    assert 1 <= len(made) <= MOST


@given(BODIES)
def test_a_part_is_larger_than_its_size_only_by_one_paragraph(body: str) -> None:
    made = parts("Title", body)
    longest = max(map(len, body.split("\n\n")), default=0)
    assert all(len(part) <= SIZE + longest + len("Title\n") for part in made[: MOST - 1])


def test_a_short_memory_is_one_part_under_its_title() -> None:
    assert parts("Retries", "At most seven.\n\n# Why\n\nThe ledger.\n") == (
        "Retries\nAt most seven.\n\n# Why\n\nThe ledger.",
    )
    assert parts("Retries", "") == ("Retries\n",)


def test_headings_begin_parts_and_fences_stay_whole() -> None:
    fence = "```\n" + "# a comment, no heading\n\n" * 30 + "```\n"
    body = "a " * 400 + f"\n\n# Second\n\n{fence}\n# Third\n\n" + "b " * 300
    first, second, third = parts("T", body)
    assert first.startswith("T\na a") and second.startswith("T\n# Second") and third.startswith("T\n# Third")
    assert second.count("```") == 2


def test_keys_tell_texts_apart() -> None:
    assert len(part_key("a")) == 16 and part_key("a") != part_key("b") and part_key("\ud800")
