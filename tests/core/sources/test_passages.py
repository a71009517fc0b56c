"""Source files, passages and the memories they become."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from memcli.core.memory.identity import derived_ulid
from memcli.core.sources.passages import (
    EPOCH,
    Filing,
    Passage,
    known_anchors,
    memory_of,
    readable_text,
    utc_instant,
)
from memcli.core.sources.written_dates import written_date


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2017-07-04", "2017-07-04"),
        ("Date: 2020/3/9", "2020-03-09"),
        ("accepted on 2019.12.01.", "2019-12-01"),
        ("20201016-use-the-slug", "2020-10-16"),
        ("12 February 2016", "2016-02-12"),
        ("Feb 12th, 2016", "2016-02-12"),
        ("9th Sept. 2021", "2021-09-09"),
        ("20-08-2020: first", "2020-08-20"),
        ("08/20/2020", "2020-08-20"),
        ("5/5/2020", "2020-05-05"),
    ],
)
def test_written_dates(text: str, expected: str) -> None:
    assert written_date(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "03/04/2020", "2017-13-45", "1.2.3", "version 20201399", "0001-02-03"])
def test_texts_without_a_certain_date(text: str) -> None:
    assert written_date(text) is None


def test_a_time_keeps_its_zone() -> None:
    assert written_date("2026-02-01T12:30:00+02:00") == datetime(2026, 2, 1, 10, 30, tzinfo=UTC)
    assert utc_instant(datetime(2026, 2, 1, 12, 30, 5, 99, tzinfo=timezone(timedelta(hours=2)))) == datetime(
        2026, 2, 1, 10, 30, 5, tzinfo=UTC
    )
    assert utc_instant(None) == EPOCH


def test_the_id_depends_on_date_ref_and_text() -> None:
    date = datetime(2024, 1, 1, tzinfo=UTC)
    memory = memory_of(Passage("a.md#L3", "Words", date), Filing("T", "fact", "A b"))
    assert memory.id == derived_ulid(date, "a.md#L3", "Words")
    assert (memory.source.ref, memory.source.agent, memory.evidence) == ("a.md#L3", None, "document")
    assert memory.created == memory.modified == date
    assert (memory.topic, memory.body) == ("a-b", "Words\n")


def test_readable_text_has_lf_lines_and_no_bom() -> None:
    assert readable_text("\ufeffone\r\ntwo\rthree\udcff") == "one\ntwo\nthree?"


def test_only_known_paths_in_backticks_are_anchors() -> None:
    text = "See `src/a.py:12`, `./src/b.py`, src/c.py and `src/unknown.py`; again `src/a.py`."
    known = frozenset(("src/a.py", "src/b.py", "src/c.py"))
    assert [str(anchor) for anchor in known_anchors(text, known)] == ["src/a.py", "src/b.py"]
    assert known_anchors(text, frozenset()) == ()
