"""A list shortened for a message."""

from __future__ import annotations

from memcli.core.text.first_few import first_few


def test_the_first_items_are_shown_and_the_rest_counted() -> None:
    assert first_few(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert first_few(["a", "b", "c"]) == "a, b, c"
    assert first_few(["a", "b"], 1, "; ") == "a and 1 more"
    assert first_few([]) == ""
