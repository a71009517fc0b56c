"""Counts of uses are derived: older reads count less, and a missing or damaged file means that nothing was read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memcli.index.storage.use_counts import FILE, HALF_LIFE_DAYS, read_uses, weighed_uses, write_uses

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def test_a_read_counts_half_after_its_half_life() -> None:
    reads = [(NOW - timedelta(days=HALF_LIFE_DAYS), frozenset("ab")), (NOW, frozenset("a"))]
    assert weighed_uses(reads) == {"a": 1.5, "b": 0.5}
    assert weighed_uses([]) == {}


def test_counts_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_uses(tmp_path / "index", {"a": 1.5})
    assert read_uses(tmp_path / "index") == {"a": 1.5}
    write_uses(tmp_path / "index", {})
    assert read_uses(tmp_path / "index") == {}
    assert [item.name for item in (tmp_path / "index").iterdir()] == [FILE]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"uses": [1]}', '{"uses": {"a": "x"}}', "\x00"])
def test_a_damaged_file_means_that_nothing_was_read(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_uses(tmp_path) == {}
    assert read_uses(tmp_path / "missing") == {}
