"""Entries about a day."""

from __future__ import annotations

import pytest

from memcli.core.sources.diaries import diary_day, is_diary


@pytest.mark.parametrize(
    "path, headings",
    [
        ("docs/2026-01-02.md", ()),
        ("docs/log.md", ("Log", "2026-01-02")),
        ("docs/log.md", ("2026-01-02: the pool")),
        ("docs/a.md", ("Session 12",)),
        ("docs/a.md", ("Status report",)),
        ("docs/devlog.md", ()),
        ("docs/meetings/pool.md", ("Pool",)),
        ("docs/a.md", ("Sprint 7",)),
        ("docs/a.md", ("议程", "会议纪要")),
        ("docs/a.md", ("Sitzungsprotokoll",)),
    ],
)
def test_what_tells_of_a_day_is_a_diary(path: str, headings: tuple[str, ...]) -> None:
    assert is_diary(path, (headings,) if isinstance(headings, str) else headings)


@pytest.mark.parametrize(
    "path, headings",
    [
        ("docs/release.md", ("Releasing",)),
        ("docs/a.md", ("Session handling",)),
        ("docs/a.md", ("Why we left MySQL (2026-01-02)",)),
        ("docs/adr/2026-01-02-use-postgres.md", ("Use Postgres",)),
        ("docs/a.md", ("Daily backups",)),
    ],
)
def test_what_holds_longer_is_none(path: str, headings: tuple[str, ...]) -> None:
    assert not is_diary(path, headings)


def test_the_day_is_that_of_the_innermost_heading_else_of_the_file() -> None:
    day = diary_day("docs/2026-01-02.md", ("Log", "2026-01-03"))
    assert day and day.day == 3
    day = diary_day("docs/2026-01-02.md", ("Log",))
    assert day and day.day == 2
    assert diary_day("docs/a.md", ("Standup",)) is None
