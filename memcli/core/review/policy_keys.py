"""The keys of policy.yaml: how each value is typed. A converter raises ValueError with what the value must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from memcli.core.finding import SEVERITIES
from memcli.core.memory.fast_yaml import Value

PERSON, REVIEWER, AUTO = "person", "reviewer", "auto"
"""Who may promote an agent's session."""


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a single value")
    return value


def _promote(value: Value) -> str:
    return _one_of((PERSON, REVIEWER, AUTO), value)


def _one_of(words: tuple[str, ...], value: Value) -> str:
    if value not in words:
        raise ValueError(f"must be {', '.join(words[:-1])} or {words[-1]}, not {str(value)[:40]!r}")
    return _text(value)


def _flag(value: Value) -> bool:
    return _one_of(("true", "false"), value) == "true"


def _count(value: Value) -> int:
    text = _text(value)
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("must be a whole number")
    return int(text)


def _percent(value: Value) -> int:
    number = _count(value)
    if number > 100:
        raise ValueError("must be 0 to 100")
    return number


def _duration(value: Value) -> timedelta:
    match = re.fullmatch(r"([0-9]{1,5})(m|h|d|w)", _text(value))
    if match is None:
        raise ValueError("must be a duration such as 90m, 24h, 30d or 2w")
    unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def _duration_or_never(value: Value) -> timedelta | None:
    return None if value == "never" else _duration(value)


def _words(value: Value) -> tuple[str, ...]:
    items = (value,) if isinstance(value, str) else value
    if not isinstance(items, tuple):
        raise ValueError("must be a list")
    return tuple(_text(item) for item in items)


def _table(value: Value) -> Mapping[str, Value]:
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping")
    return value


def _severities(value: Value) -> dict[str, str]:
    return {check: _one_of(SEVERITIES, severity) for check, severity in _table(value).items()}


def _owners(value: Value) -> dict[str, tuple[str, ...]]:
    return {topic: _words(names) for topic, names in _table(value).items()}


POLICY_KEYS: dict[str, Callable[[Value], object]] = {
    "promote": _promote,
    "checks": _severities,
    "require_signed": _flag,
    "dream.every": _duration,
    "dream.sessions": _count,
    "dream.max_retire_percent": _percent,
    "pack.tokens": _count,
    "session.max_candidates": _count,
    "owners": _owners,
    "retention.superseded": _duration_or_never,
    "agents.deprecated": _words,
}
"""Every key of a policy and how its value is typed."""
SECTIONS = frozenset(key.partition(".")[0] for key in POLICY_KEYS if "." in key)
"""Keys that hold other keys."""
TABLES = ("checks", "owners")
"""Keys whose value is a table with keys of the user's own."""
