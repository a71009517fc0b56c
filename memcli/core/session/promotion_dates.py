"""The home of "known at": when each promotion entered the store, although clocks along the way may have been wrong.

Dates are those of the first parents, oldest first. The longest run of them that never goes back is trusted, whatever
lies between its members; of equally long ones that with the older commits. Any other commit counts as dated like its
nearest trusted descendant, else ancestor. So one wrong clock moves its own promotion and no other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime


def known_at(dates: Sequence[datetime], instant: datetime) -> int | None:
    """The place of the newest commit that had entered by an instant (inclusive); None where none had."""
    place = bisect_right(effective_dates(dates), instant) - 1
    return place if place >= 0 else None


def effective_dates(dates: Sequence[datetime]) -> list[datetime]:
    """The date that counts for each commit; never goes back."""
    found: list[datetime] = []
    for place in trusted_places(dates):
        found += [dates[place]] * (place + 1 - len(found))
    return found + found[-1:] * (len(dates) - len(found))


def trusted_places(dates: Sequence[datetime]) -> list[int]:
    """The places of the longest run of dates that never goes back, of equal ones the first by place; O(n log n)."""
    lengths = _lengths(dates)
    wanted, run = max(lengths, default=0), list[int]()
    for place, length in enumerate(lengths):
        if length == wanted and (not run or dates[place] >= dates[run[-1]]):
            run.append(place)
            wanted -= 1
    return run


def _lengths(dates: Sequence[datetime]) -> list[int]:
    """How long the longest run is that begins at each place."""
    best: list[float] = []  # the latest first date of a run of length 1, 2, …, negated, which makes it ascend
    lengths: list[int] = []
    for date in reversed(dates):
        first = -date.timestamp()
        length = bisect_right(best, first)
        best[length : length + 1] = [first]
        lengths.append(length + 1)
    return lengths[::-1]
