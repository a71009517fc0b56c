"""A list told briefly: the first ones, and how many there are beside them."""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 3


def first_few(said: Iterable[str], most: int = SHOWN, joint: str = ", ") -> str:
    """The first ones joined, with `and 4 more` where there are more of them; `` for none."""
    every = list(said)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return joint.join(every[:most]) + more
