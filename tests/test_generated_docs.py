"""The generated parts of docs/ are what the code says."""

from __future__ import annotations

import pytest

from tests.generated_docs import DOCS, PARTS, Part, with_part


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.page} {part.name}".strip())
def test_a_part_is_current(part: Part) -> None:
    text = (DOCS / part.page).read_text("utf-8")
    assert text == with_part(text, part), "run 'make docs'"


def test_a_part_needs_its_marks() -> None:
    with pytest.raises(ValueError, match=r"docs/format\.md has no marks"):
        with_part("no marks", Part("format.md", "keys", lambda: ""))
