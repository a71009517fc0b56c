"""Titles: the claim where a heading is generic, without dates, numbers and file names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.sources.passage_text import LONGEST_TITLE
from memcli.core.sources.titles import first_claim, heading_title, is_generic, passage_title

CLAIM = "Jobs that fail are retried seven times. Nobody deletes them."


@pytest.mark.parametrize(
    "headings, expected",
    [
        (("Contributing", "Running the tests"), "Running the tests"),
        (("Contributing", "Testing"), "Testing"),
        (("Retry queue", "Limits"), "Retry queue: Limits"),
        (("Retry queue", "Overview"), "Jobs that fail are retried seven times"),
        (("README", "Tips"), "Jobs that fail are retried seven times"),
        (("Hinweise",), "Jobs that fail are retried seven times"),
        (("概述",), "Jobs that fail are retried seven times"),
        ((), "Jobs that fail are retried seven times"),
        (("Queue", "Queue limits"), "Queue limits"),
        (("2024-05-01: 2024-05-01 Split the queue",), "Split the queue"),
        (("3.2. Split the queue (2024-05-01)",), "Split the queue"),
        (("February 27, 2025 - Split the queue",), "Split the queue"),
        (("[2025-08] Split the queue (October 2025)",), "Split the queue"),
        (("Split the queue (as of 2024-05-01)",), "Split the queue"),
        (("Split the queue (2024-05-01 to 2024-05-09)",), "Split the queue"),
        (("2/27/2025 - Split the queue",), "Split the queue"),
        (("[2024-05-01 17:54:50] Split the queue",), "Split the queue"),
        (("5a. Split the queue",), "Split the queue"),
        (("queue.md: Split the queue",), "Split the queue"),
        (("🚀 Split the queue #",), "Split the queue"),
    ],
)
def test_a_title_says_what_the_passage_is_about(headings: tuple[str, ...], expected: str) -> None:
    assert passage_title(CLAIM, headings) == expected


def test_a_heading_of_one_word_is_followed_by_the_rule() -> None:
    assert passage_title("Never delete a job. Others need it.", ("Jobs",)) == "Jobs: Never delete a job"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("This document describes the queue.\n\nNever delete a job by hand.", "Never delete a job by hand"),
        (
            "The following rules apply:\n\n- Use `make test`, e.g. before a push. Twice.",
            "Use make test, e.g. before a push",
        ),
        ("```\ncode is no claim\n```\n\n**Never** delete a job by hand!", "Never delete a job by hand!"),
        ("任务失败后会重试七次。之后人工处理。", "任务失败后会重试七次"),
        ("[2024-05-01 17:54] - Never delete a job by hand.", "Never delete a job by hand"),
        ("Welcome!\n\nThank you for reading.", ""),
        ("Last Updated: October 28, 2025\n\nNever delete a job by hand.", "Never delete a job by hand"),
        ("**Status**: in production since May\n\nNever delete a job by hand.", "Never delete a job by hand"),
        ("", ""),
    ],
)
def test_the_first_claim_of_a_text(text: str, expected: str) -> None:
    assert first_claim(text) == expected


@pytest.mark.parametrize(
    "heading, text, expected",
    [
        (
            "Conventions",
            "### Code style\n\nUse strict types.\n\n### Migrations\n\nNever edit one.",
            "Code style, Migrations",
        ),
        ("Conventions", "### Migrations\n\nNever edit an applied migration.", "Never edit an applied migration"),
        ("Migrations", "### Before\n\nBack up.\n\n### After\n\nCheck it.", "Migrations"),
        ("Rules", "Never edit an applied one.\n\n### Before\n\n### After", "Never edit an applied one"),
    ],
)
def test_headings_within_a_passage_stand_for_its_claim(heading: str, text: str, expected: str) -> None:
    assert passage_title(text, [heading]) == expected


def test_a_long_claim_ends_with_a_clause() -> None:
    text = "The worker takes its jobs from the queue in the order in which they came, " + "and so on " * 20
    assert first_claim(text) == "The worker takes its jobs from the queue in the order in which they came"


@pytest.mark.parametrize("heading", ["Tips", "Overview", "General rules", "Notes and tips", "Hinweise", "Structure"])
def test_generic_headings(heading: str) -> None:
    assert is_generic(heading)


@pytest.mark.parametrize("heading", ["Python 3.12", "Why we dropped IE11 in 2024", "HTTP 404", "Step counter"])
def test_numbers_that_belong_to_a_title_stay(heading: str) -> None:
    assert heading_title(heading) == heading


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_title_is_one_short_printable_line(text: str, headings: list[str]) -> None:
    title = passage_title(text, headings)
    assert len(title) <= LONGEST_TITLE
    assert title.isprintable()


@pytest.mark.parametrize("text", ["(" * 50_000, "2024-" * 20_000, "a.b/" * 20_000, "this " * 20_000, "- " * 50_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    passage_title(text, (text, text))
    assert time.process_time() - started < 1
