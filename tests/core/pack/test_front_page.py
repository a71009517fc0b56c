"""MEMORY.md is a function of the memories, within its limits whatever they are."""

from __future__ import annotations

import random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.questions import CONFLICT, Question
from memcli.core.pack.front_page import MAX_BYTES, MAX_LINES, front_page_of

CONFLICTING = Question(CONFLICT, (), "two versions differ in: body", "2026-11-01")


class Row(NamedTuple):
    id: str
    path: str
    title: str
    type: str
    topic: str
    modified: str
    pin: bool
    conflict: bool
    questions: tuple[Question, ...]


def _row(number: int, topic: str = "payments", title: str = "A fact", pin: bool = False, conflict: bool = False) -> Row:
    memory_id, questions = f"01K9Z3V5C4M8Q2T7R6W1{number:06d}", (CONFLICTING,) if conflict else ()
    return Row(memory_id, f"semantic/{topic}/a-fact-{memory_id[-6:]}.md", title, "fact", topic,
               f"2026-11-{1 + number % 28:02d}T00:00:00Z", pin, conflict, questions)  # fmt: skip


ROWS = st.lists(
    st.builds(
        _row,
        st.integers(0, 999_999),
        st.sampled_from(["payments", "build", "a-topic-of-a-very-long-name-that-goes-on-and-on-and-on", "x"]),
        st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=120),
        st.booleans(),
        st.booleans(),
    ),
    max_size=300,
    unique_by=lambda row: row.id,
)


@settings(max_examples=60)
@given(ROWS, st.randoms())
def test_the_page_keeps_its_limits_and_ignores_the_order(rows: list[Row], order: random.Random) -> None:
    page = front_page_of(rows)
    assert len(page.splitlines()) <= MAX_LINES
    assert len(page.encode()) <= MAX_BYTES
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert front_page_of(shuffled) == page


def test_a_large_store_counts_what_it_leaves_out() -> None:
    page = front_page_of(_row(n, f"topic-{n % 300}") for n in range(5_000))
    assert len(page.splitlines()) <= MAX_LINES and len(page.encode()) <= MAX_BYTES
    assert "5,000 active memories" in page
    assert "more topics" in page


def test_an_empty_store_has_a_page() -> None:
    assert "0 active memories" in front_page_of([])


def test_pinned_memories_and_conflicts_come_first() -> None:
    page = front_page_of([_row(1), _row(2, title="Never forget", pin=True), _row(3, title="Two sides", conflict=True)])
    assert page.index("Never forget") < page.index("Two sides") < page.index("## payments")


def test_a_title_cannot_leave_its_link() -> None:
    page = front_page_of([_row(1, title="[click](http://evil.example) ]")])
    assert "- [\\[click\\](http://evil.example) \\]](semantic/" in page
