"""A text contains another only word for word, and only where nothing around it takes it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.dream.containment import is_contained_verbatim
from memcli.core.text.analysis import words
from tests.core.text.test_similarity import TEXTS


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("Retry 7 times.", "Deliveries may fail.\nRetry 7 times.", True),
        ("Retry 9 times.", "Deliveries fail.\nRetry 7 times.", False),
        ("Use the blue queue.", "Use the red queue.", False),
        ("Never retry.", "Retry.", False),
        ("queue retries", "The queue retries. It is durable", True),
        ("A failed delivery goes\nto the queue.", "A failed delivery goes to the queue. It is durable.", True),
        ("Python >= 3.11 is needed.", "Python <= 3.11 is needed.", False),
        ("Use Redis.", "Use Redis. This was a mistake.", False),
        ("Use Redis.", "Never do this:\n- Use Redis.", False),
        ("Use Redis.", "## Rejected\n\nUse Redis.", False),
        ("A dog chases a cat.", "A cat chases a dog.", False),
        ("The flag is on.", "The flag is on hold.", False),
        ("Set API_KEY.", "Set api_key.", False),
    ],
)
def test_containment_is_word_for_word_and_unqualified(part: str, whole: str, expected: bool) -> None:
    assert is_contained_verbatim(part, whole) is expected


@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_a_contained_text_shares_all_its_words(parts: list[str], text: str) -> None:
    whole = "\n".join([*parts, text])
    assert not is_contained_verbatim(text, whole) or set(words(text)) <= {*words(whole), "a", "an", "the"}


@given(TEXTS)
def test_a_text_contains_itself(text: str) -> None:
    assert is_contained_verbatim(text, text)
