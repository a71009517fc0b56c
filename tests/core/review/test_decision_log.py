"""Records of one decision log are compared by what they decide, not by their template."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from memcli.core.memory.memory import Memory, Source
from memcli.core.review.decision_log import are_separate_records

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_RECORD = Memory("0" * 26, "Orders", "semantic", "decision", "decisions", "Orders.\n", _AT, _AT,  # type: ignore[arg-type]
                 source=Source(ref="docs/adr/0001-a.md", reader="decisions"))  # fmt: skip


@pytest.mark.parametrize(
    ("title", "ref", "reader", "is_separate"),
    [
        ("Blobs", "docs/adr/0002-b.md", "decisions", True),
        ("Blobs", "docs/adr/0001-a.md#L40", "decisions", False),
        ("orders", "docs/adr/0002-b.md", "decisions", False),
        ("Blobs", "docs/adr/0002-b.md", "rules", False),
        ("Blobs", "docs/adr/0002-b.md", None, False),
    ],
)
def test_records_are_separate_by_file_and_title(title: str, ref: str, reader: str | None, is_separate: bool) -> None:
    other = replace(_RECORD, title=title, source=Source(ref=ref, reader=reader))
    assert are_separate_records(_RECORD, other) is is_separate
    assert are_separate_records(other, _RECORD) is is_separate
