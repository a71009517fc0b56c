"""What a mistyped name may have meant."""

from __future__ import annotations

import pytest

from memcli.core.text.near_names import did_you_mean, near_names

NAMES = ("semantic", "procedural", "episodic", "webhook-retries", "payments")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("semntic", "semantic"),
        ("SEMANTIC", "semantic"),
        ("webhook_retries", "webhook-retries"),
        ("pay", "payments"),
        ("proc", "procedural"),
    ],
)
def test_the_name_most_like_a_text_comes_first(text: str, near: str) -> None:
    assert near_names(text, NAMES)[0] == near
    assert did_you_mean(text, [near]) == f"did you mean '{near}'?"


@pytest.mark.parametrize("text", ["", "x", "zzzzzz", "\udcff", "s" * 100_000])
def test_nothing_is_offered_for_what_is_like_no_name(text: str) -> None:
    assert near_names(text, NAMES) == [] and did_you_mean(text, NAMES) == ""
