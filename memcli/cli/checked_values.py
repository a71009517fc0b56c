"""Checks of the values of options: a typo is a usage error, with the allowed words and what it may have meant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from memcli.core.memory.instants import parse_instant
from memcli.core.memory.key_types import EVIDENCE, KINDS, STATUSES, TYPES
from memcli.core.text.near_names import did_you_mean
from memcli.errors import Usage

Given = TypeVar("Given", str | None, list[str] | None)

MOST_LISTED = 12
"""Allowed words that an error lists."""


def one_of(option: str, allowed: Collection[str]) -> Callable[[Given], Given]:
    """A check that an option's values are among the allowed words."""

    def check(given: Given) -> Given:
        for value in _values(given):
            if value not in allowed:
                hint = f"{did_you_mean(value, allowed)} {_choice(allowed)}".strip()
                raise Usage(f"{option}: unknown value {value[:60]!r}", hint)
        return given

    return check


def _choice(allowed: Collection[str]) -> str:
    """What to use: one of a few words, else what '--help' says."""
    return f"use one of {', '.join(allowed)}" if len(allowed) <= MOST_LISTED else "see '--help'"


def type_for(option: str) -> Callable[[Given], Given]:
    """A check for what is nearly one of our types; other words are kept, since a store may have types of its own."""

    def check(given: Given) -> Given:
        for value in _values(given):
            near = "" if value in TYPES else did_you_mean(value, TYPES)
            if near:
                hint = f"{near} use one of {', '.join(TYPES)}, or another word"
                raise Usage(f"{option}: unknown value {value[:60]!r}", hint)
        return given

    return check


def source_name(given: list[str] | None) -> list[str] | None:
    """A check that the values of `--source` are names of sources."""
    if given:
        from memcli.operations.bootstrap.source_scan import SOURCE_NAMES  # loads all readers

        one_of("--source", SOURCE_NAMES)(given)
    return given


def export_format(given: str) -> str:
    """A check that the value of `--as` is a format of exports."""
    from memcli.core.exchange.export_registry import FORMATS  # loads all writers

    one_of("--as", FORMATS)(given)
    return given


def import_format(given: str | None) -> str | None:
    """A check that the value of `--as` is a format that can be imported, or a source."""
    if given:
        from memcli.operations.bootstrap.source_scan import SOURCE_NAMES  # loads all readers
        from memcli.operations.exchange.import_sources import FORMAT_READERS

        one_of("--as", (*FORMAT_READERS, *SOURCE_NAMES))(given)
    return given


def date_for(option: str) -> Callable[[str | None], str | None]:
    """A check that an option is a date or an RFC 3339 time."""

    def check(given: str | None) -> str | None:
        try:
            parse_instant(given or "2026-11-20")
        except ValueError as error:
            hint = "write it as YYYY-MM-DD or RFC 3339, for example 2026-11-20"
            raise Usage(f"{option}: {error}", hint) from error
        return given

    return check


def share_for(option: str) -> Callable[[str | None], str | None]:
    """A check that an option is a number from 0 to 1."""

    def check(given: str | None) -> str | None:
        try:
            is_share = 0 <= float(given or "0") <= 1
        except ValueError:
            is_share = False
        if not is_share:
            raise Usage(f"{option}: {given!r} is not a number from 0 to 1", "for example 0.8")
        return given

    return check


_BY_KEY: dict[str, Callable[[str], Callable[[str | None], str | None]]] = {
    "kind": lambda option: one_of(option, KINDS),
    "status": lambda option: one_of(option, STATUSES),
    "evidence": lambda option: one_of(option, EVIDENCE),
    "pin": lambda option: one_of(option, ("true", "false")),
    "type": type_for,
    "confidence": share_for,
    **dict.fromkeys(("valid_from", "valid_to", "expires"), date_for),
}
"""The check of a front matter key's value, for the option that gives it."""


def check_front(option: str, values: Mapping[str, object], known: Collection[str]) -> None:
    """Check front matter values that an option gives by key. Raises Usage for an invalid value, and for an unknown
    key that is nearly one of the known ones; any other is kept."""
    for key, value in values.items():
        near = "" if key in known else did_you_mean(key, known)
        if near:
            raise Usage(f"{option}: unknown key {key[:60]!r}", near)
        if key in _BY_KEY and isinstance(value, str) and value:
            _BY_KEY[key](f"{option}: {key}")(value)


def _values(given: str | list[str] | None) -> list[str]:
    return [given] if isinstance(given, str) else given or []
