"""Where a line of a changed text was before: what an editor shows is not what was committed.

Invariant: a line that is found has the same text in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile

MOST = 4_000
"""Changed lines that are compared one by one; in larger ones, frequent lines are not followed."""


def line_before(old: Sequence[bytes], new: Sequence[bytes], place: int) -> int | None:
    """The index in `old` of the line at `place` in `new`; None for a line that is new."""
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))
    room = min(len(old), len(new)) - same
    ends = zip(reversed(old), reversed(new), strict=False)
    tail = min(room, len(list(takewhile(lambda pair: pair[0] == pair[1], ends))))
    if place < same:
        return place
    if place >= len(new) - tail:
        return place - len(new) + len(old)
    return _inside(old[same : len(old) - tail], new[same : len(new) - tail], place - same, same)


def _inside(old: Sequence[bytes], new: Sequence[bytes], place: int, offset: int) -> int | None:
    blocks = SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > MOST).get_matching_blocks()
    found = (block.a + place - block.b for block in blocks if block.b <= place < block.b + block.size)
    return next((offset + line for line in found), None)
