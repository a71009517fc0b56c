"""Checks of the values of options: a typo is a usage error, with the allowed words and what it may have meant."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from memcli.core.memory.instants import parse_instant
from memcli.core.memory.key_types import TYPES
from memcli.core.text.near_names import did_you_mean
from memcli.errors import Usage

Given = TypeVar("Given", str | None, list[str] | None)


def one_of(option: str, allowed: Collection[str]) -> Callable[[Given], Given]:
    """A check that an option's values are among the allowed words."""

    def check(given: Given) -> Given:
        for value in _values(given):
            if value not in allowed:
                hint = f"{did_you_mean(value, allowed)} use one of {', '.join(allowed)}".strip()
                raise Usage(f"{option}: unknown value {value[:60]!r}", hint)
        return given

    return check


def known_type(given: Given) -> Given:
    """A check for what is nearly one of our types; other words are kept, since a store may have types of its own."""
    for value in _values(given):
        near = "" if value in TYPES else did_you_mean(value, TYPES)
        if near:
            raise Usage(
                f"--type: unknown value {value[:60]!r}", f"{near} use one of {', '.join(TYPES)}, or another word"
            )
    return given


def date_for(option: str) -> Callable[[str | None], str | None]:
    """A check that an option is a date or an RFC 3339 time."""

    def check(given: str | None) -> str | None:
        try:
            parse_instant(given or "2026-11-20")
        except ValueError as error:
            hint = f"pass {option} as YYYY-MM-DD or RFC 3339, for example 2026-11-20"
            raise Usage(f"{option}: {error}", hint) from error
        return given

    return check


def share(given: str | None) -> str | None:
    """A check that --confidence is a number from 0 to 1."""
    try:
        is_share = 0 <= float(given or "0") <= 1
    except ValueError:
        is_share = False
    if not is_share:
        raise Usage(f"--confidence: {given!r} is not a number from 0 to 1", "for example '--confidence 0.8'")
    return given


def _values(given: str | list[str] | None) -> list[str]:
    return [given] if isinstance(given, str) else given or []
