"""A memory's parts: the whole comes first, the pieces hold all of it again, none is longer than its size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.parts import SIZE, part_key, parts

LINES = ["# Retries\n", "word " * 40 + "\n", "\n", "```\n# no heading\n```\n", "x" * 1_500 + "\n", "- item\n", "#tag\n"]
BODIES = st.one_of(st.lists(st.sampled_from(LINES), max_size=60).map("".join), st.text(max_size=200))
TITLE = "Title\n"


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(BODIES)
def test_the_whole_comes_first_and_the_pieces_hold_it_again(body: str) -> None:
    whole, *pieces = parts("Title", body)
    assert whole == TITLE + body.strip()
    assert not pieces or "".join("".join(piece.removeprefix(TITLE) for piece in pieces).split()) == "".join(
        body.split()
    )
    assert bool(pieces) == (len(body) > SIZE and bool(body.strip()))


@given(BODIES)
def test_no_piece_is_longer_than_its_size(body: str) -> None:
    assert all(len(piece) <= SIZE + len(TITLE) + 1 for piece in parts("Title", body)[1:])


def test_a_short_memory_is_one_part_under_its_title() -> None:
    assert parts("Retries", "At most seven.\n\n# Why\n\nThe ledger.\n") == (
        "Retries\nAt most seven.\n\n# Why\n\nThe ledger.",
    )
    assert parts("Retries", "") == ("Retries\n",)


def test_headings_begin_pieces() -> None:
    _, first, second, third = parts("T", "a " * 250 + "\n\n# Second\n\n" + "b " * 180 + "\n\n## Third\n\n" + "c " * 200)
    assert first.startswith("T\na a") and second.startswith("T\n# Second") and third.startswith("T\n## Third")


def test_keys_tell_texts_apart() -> None:
    assert len(part_key("a")) == 16 and part_key("a") != part_key("b") and part_key("\ud800")
