"""Crockford's base 32, the digits of ids. A module of its own, because hooks that only record import no more."""

from __future__ import annotations

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def encoded(number: int, digits: int) -> str:
    """The last `digits` digits of a number."""
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(digits)))


def ulid_of(milliseconds: int, random: bytes) -> str:
    """The ULID of an instant (milliseconds since the epoch) and ten random bytes."""
    return encoded(milliseconds << 80 | int.from_bytes(random, "big"), 26)
