"""Crockford's base 32, the digits of ids. A module of its own, because hooks that only record import no more."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LAST = "7ZZZZZZZZZ"
"""How the ULIDs of the last millisecond begin: nothing can be put behind them."""


def encoded(number: int, digits: int) -> str:
    """The last `digits` digits of a number."""
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(digits)))


def ulid_after(names: Iterable[str], milliseconds: int, random: bytes) -> str:
    """The ULID of an instant (milliseconds since the epoch) and 16 random bytes, which sorts behind all of `names`.

    Ten bytes are used for a new millisecond. Where the latest name is of this one or a later one (a clock may step
    back), the other six are the step from it: people and agents name ids by their ends, and steps of one would make
    these alike.
    """
    number = milliseconds << 80 | int.from_bytes(random[:10], "big")
    latest = max((_decoded(name) for name in names if _is_ulid(name)), default=-1)
    if number >> 80 <= latest >> 80:
        number = latest + 1 + int.from_bytes(random[10:16], "big")
    return encoded(number, 26)


def _is_ulid(name: str) -> bool:
    return len(name) == 26 and name < _LAST and set(name) <= set(CROCKFORD)


def _decoded(name: str) -> int:
    number = 0
    for digit in name:
        number = number << 5 | CROCKFORD.index(digit)
    return number
