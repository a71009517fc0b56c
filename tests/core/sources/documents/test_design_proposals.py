"""Design documents that propose, and those that tell what is."""

from __future__ import annotations

import pytest

from memcli.core.sources.documents.design_proposals import is_proposal


@pytest.mark.parametrize(
    "path, body, expected",
    [
        ("docs/design/run.md", "# Run\n\nThis is a plan to run things.\n", True),
        ("docs/design/run.md", "# Run\n\nStatus: Pending implementation\n", True),
        ("docs/design/run.md", "# Run\n\n## Goals\n\nFast.\n\n## Alternatives considered\n\nNone.\n", True),
        ("docs/design/run.md", "# Run\n\n## Proposed state\n\nFast.\n\n## Open questions\n\nNone.\n", True),
        ("docs/design/run.md", "# Run\n\n## Queue\n\nWe use one queue.\n\n## Goals\n\nFast.\n", False),
        ("CONTRIBUTING.md", "# Run\n\n## Goals\n\nFast.\n\n## Alternatives considered\n\nNone.\n", False),
        ("docs/design/run.md", "", False),
    ],
)
def test_a_proposal_says_so_or_has_the_headings_of_one(path: str, body: str, expected: bool) -> None:
    assert is_proposal(path, body) is expected
