"""Times as people read them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from memcli.cli.views.quantities import local_time, time_ago

NOW = datetime(2026, 11, 30, 14, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"),
        (59, "just now"),
        (-59, "just now"),
        (60, "1 min ago"),
        (3_599, "59 min ago"),
        (2 * 3_600 + 59, "2 h ago"),
        (7 * 86_400 - 1, "6 d ago"),
        (-5 * 86_400, "in 5 d"),
        (-90, "in 1 min"),
        (7 * 86_400, "2026-11-23"),
        (-7 * 86_400, "2026-12-07"),
    ],
)
def test_a_time_is_relative_within_a_week(seconds: int, text: str) -> None:
    assert time_ago(NOW - timedelta(seconds=seconds), NOW) == text
    assert len(text) <= 10


def test_a_recorded_time_is_read() -> None:
    assert time_ago("2026-11-30T12:05:30Z", NOW) == "2 h ago"
    assert local_time("2026-11-30T12:05:30Z") == "2026-11-30 12:05"


@pytest.mark.parametrize("text", ["", "soon", "2026-13-45", "2026-11-31T00:00:00Z"])
def test_a_text_that_is_no_time_stays(text: str) -> None:
    assert time_ago(text, NOW) == text[:10]
    assert local_time(text) == text[:16]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_older_times_are_those_of_the_users_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        expected = {"America/New_York": "2026-10-31 22:30", "Asia/Tokyo": "2026-11-01 11:30", "UTC": "2026-11-01 02:30"}
        assert local_time("2026-11-01T02:30:00Z") == expected[zone]
        assert time_ago("2026-11-01T02:30:00Z", NOW) == expected[zone][:10]
        assert local_time("0001-01-01") in ("0001-01-01 00:00", "0001-01-01 09:18")
        assert local_time("9999-12-31T23:59:59Z")[:4] == "9999"
    finally:
        monkeypatch.undo()
        time.tzset()
