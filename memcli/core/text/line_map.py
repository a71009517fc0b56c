"""Mapping a line of a changed text back to the committed text, since an editor shows uncommitted lines too.

Invariant: a line and the line it maps to have the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile

MOST = 4_000
"""Changed lines up to which all are compared; in larger changes, frequent lines are not mapped."""


def map_line_back(old: Sequence[bytes], new: Sequence[bytes], index: int) -> int | None:
    """The index in `old` of the line at `index` in `new`; None for an added line."""
    head = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))
    room = min(len(old), len(new)) - head
    backwards = zip(reversed(old), reversed(new), strict=False)
    tail = min(room, len(list(takewhile(lambda pair: pair[0] == pair[1], backwards))))
    if index < head:
        return index
    if index >= len(new) - tail:
        return index - len(new) + len(old)
    changed = _map_changed(old[head : len(old) - tail], new[head : len(new) - tail], index - head)
    return None if changed is None else head + changed


def _map_changed(old: Sequence[bytes], new: Sequence[bytes], index: int) -> int | None:
    blocks = SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > MOST).get_matching_blocks()
    return next((block.a + index - block.b for block in blocks if block.b <= index < block.b + block.size), None)
