"""The dates and ages that people type after `--since`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from memcli.core.memory.instants import format_instant
from memcli.errors import Usage
from memcli.operations.views.since import parse_since

NOW = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
"""A Tuesday; in New York it is still Monday, 30 November, 22:30."""


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-01", "2026-05-01T00:00:00Z"),
        ("2026-05-01T09:30", "2026-05-01T09:30:00Z"),
        ("2026-05-01 09:30:10", "2026-05-01T09:30:10Z"),
        ("2026-05-01T09:30:00+02:00", "2026-05-01T07:30:00Z"),
        (" 2026-05-01T09:30:00Z ", "2026-05-01T09:30:00Z"),
        ("7d", "2026-11-24T03:30:00Z"),
        ("7 days", "2026-11-24T03:30:00Z"),
        ("7.days.ago", "2026-11-24T03:30:00Z"),
        ("1 Day ago", "2026-11-30T03:30:00Z"),
        ("2w", "2026-11-17T03:30:00Z"),
        ("2 weeks ago", "2026-11-17T03:30:00Z"),
        ("last week", "2026-11-24T03:30:00Z"),
        ("36h", "2026-11-29T15:30:00Z"),
        ("90min", "2026-12-01T02:00:00Z"),
        ("45 minutes", "2026-12-01T02:45:00Z"),
        ("3 months", "2026-09-02T03:30:00Z"),
        ("1y", "2025-12-01T03:30:00Z"),
        ("today", "2026-12-01T00:00:00Z"),
        ("yesterday", "2026-11-30T00:00:00Z"),
        ("monday", "2026-11-30T00:00:00Z"),
        ("last tuesday", "2026-11-24T00:00:00Z"),
    ],
)
def test_what_people_type_is_understood(text: str, instant: str) -> None:
    assert format_instant(parse_since(text, NOW)) == instant


@pytest.mark.usefixtures("new_york")
@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-01", "2026-05-01T04:00:00Z"),
        ("2026-11-30", "2026-11-30T05:00:00Z"),
        ("today", "2026-11-30T05:00:00Z"),
        ("yesterday", "2026-11-29T05:00:00Z"),
        ("2026-05-01T09:30:00Z", "2026-05-01T09:30:00Z"),
    ],
)
def test_days_are_those_of_the_user(text: str, instant: str) -> None:
    assert format_instant(parse_since(text, NOW)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "7",
        "7x",
        "d7",
        "-3d",
        "1m",
        "2026-13-01",
        "2026-02-30",
        "2026-05-01T25:00",
        "0001-01-01T",
        "999999y",
    ],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Usage) as refused:
        parse_since(text, NOW)
    assert refused.value.message.startswith("--since: ") and "7d" in (refused.value.hint or "")
