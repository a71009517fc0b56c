"""When the store knew what: wrong clocks move their own promotion and no other."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.instants import parse_instant
from memcli.core.session.promotion_dates import effective_dates, known_at, trusted_places

START = parse_instant("2026-01-01")


def at(*years: int) -> list[datetime]:
    return [START.replace(year=year) for year in years]


def test_sound_clocks_are_all_trusted() -> None:
    dates = at(1970, 2024, 2025, 2025, 2026)
    assert trusted_places(dates) == [0, 1, 2, 3, 4]
    assert effective_dates(dates) == dates
    assert [known_at(dates, date) for date in at(1969, 1970, 2024, 2025, 2030)] == [None, 0, 1, 3, 4]
    assert known_at([], START) is None


def test_one_dated_before_the_others_does_not_let_the_past_know_everything() -> None:
    dates = [*at(1970), START, START + timedelta(days=1), *at(2020)]
    assert known_at(dates, at(2022)[0]) == 0
    assert effective_dates(dates)[3] == dates[2]
    assert known_at(dates, dates[2]) == 3


def test_one_dated_in_the_future_does_not_hide_the_later_ones() -> None:
    dates = [*at(1970), START, *at(2035), START + timedelta(days=1), START + timedelta(days=2)]
    assert known_at(dates, START) == 1
    assert effective_dates(dates)[2] == dates[3]
    assert known_at(dates, START + timedelta(days=1)) == 3
    assert known_at(dates, START + timedelta(days=9)) == 4


def test_of_equal_runs_the_older_commits_are_trusted() -> None:
    assert trusted_places(at(2026, 2020)) == [0]
    assert trusted_places(at(2025, 2026, 2020, 2021)) == [0, 1]
    assert trusted_places(at(2030, 2020, 2031, 2021)) == [0, 2]


instants = st.lists(st.integers(0, 9).map(lambda day: START + timedelta(days=day)), max_size=8)


@given(instants)
def test_the_trusted_run_is_the_first_of_the_longest(dates: list[datetime]) -> None:
    assert trusted_places(dates) == _by_trying_all(dates)


def _by_trying_all(dates: list[datetime]) -> list[int]:
    for length in range(len(dates), 0, -1):
        for places in combinations(range(len(dates)), length):
            if all(dates[one] <= dates[other] for one, other in pairwise(places)):
                return list(places)
    return []


@given(instants)
def test_the_others_are_dated_like_a_trusted_neighbour(dates: list[datetime]) -> None:
    run, found = trusted_places(dates), effective_dates(dates)
    assert len(found) == len(dates) and found == sorted(found)
    for place, date in enumerate(found):
        later = [one for one in run if one >= place]
        assert date == dates[later[0] if later else run[-1]]


@given(instants, st.integers(-1, 10))
def test_the_lookup_finds_the_newest_that_had_entered(dates: list[datetime], day: int) -> None:
    instant = START + timedelta(days=day)
    entered = [place for place, date in enumerate(effective_dates(dates)) if date <= instant]
    assert known_at(dates, instant) == (entered[-1] if entered else None)


@pytest.mark.parametrize("step", [1, -1])
def test_a_long_history_takes_no_quadratic_time(step: int) -> None:
    dates = [START + timedelta(seconds=step * number) for number in range(50_000)]
    began = time.process_time()
    assert len(trusted_places(dates)) == (50_000 if step > 0 else 1)
    assert time.process_time() - began < 5
