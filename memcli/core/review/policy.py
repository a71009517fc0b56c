"""The store's rules: `Policy`, and the reading of policy.yaml.

A policy holds rules and nothing that runs or connects, because stores are fetched from others. Reading is total: a
text that cannot be read, or that says something impossible, gives the defaults with `promote: person` and the reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from memcli.core.finding import BLOCK, WARN, Problem
from memcli.core.memory.document import DocumentError
from memcli.core.memory.fast_yaml import Value, YamlItem
from memcli.core.memory.front_matter import read_front_matter
from memcli.core.review.checks.check_registry import BY_NAME, FIXED
from memcli.core.review.policy_keys import PERSON, POLICY_KEYS, SECTIONS


@dataclass(frozen=True)
class Policy:
    """The rules in force; a field is a key of policy.yaml with `_` for the dot."""

    promote: str = PERSON
    checks: Mapping[str, str] = field(default_factory=dict)
    require_signed: bool = False
    dream_every: timedelta = timedelta(hours=24)
    dream_sessions: int = 5
    dream_max_retire_percent: int = 20
    pack_tokens: int = 2000
    session_max_candidates: int = 500
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retention_superseded: timedelta | None = None
    agents_deprecated: tuple[str, ...] = ()


@dataclass(frozen=True)
class PolicyReading:
    """What a policy file says: the policy in force, the errors that make it invalid, and notes that do not."""

    policy: Policy
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_policy(text: str) -> tuple[Policy, list[str]]:
    """The policy in force and every problem with its line; an invalid text means the defaults, promoted by persons."""
    reading = examine_policy(text)
    return reading.policy, [*reading.errors, *reading.notes]


def policy_problems(text: str) -> list[Problem]:
    """What is wrong with a policy that is to be promoted; an invalid one would mean the defaults, so it blocks."""
    reading, step = examine_policy(text), "correct it with `mem policy edit`"
    severities = ((BLOCK, reading.errors), (WARN, reading.notes))
    return [Problem(message, step, severity) for severity, messages in severities for message in messages]


def examine_policy(text: str) -> PolicyReading:
    """As `read_policy`, with the errors that make the text invalid apart from the notes that do not."""
    try:
        items = top_level_items(text)
    except DocumentError as error:
        return PolicyReading(Policy(), (str(error),))
    values: dict[str, Any] = {}
    errors: list[str] = []
    notes: list[str] = []
    for item in items:
        for key, value in _dotted(item.key, item.value):
            where = f"line {item.line + 1}: "
            if key in SECTIONS:
                errors.append(f"{where}{key} must be a mapping")
            elif key not in POLICY_KEYS:
                notes.append(f"{where}unknown key '{key[:60]}' is ignored")
            elif value is not None:
                try:
                    values[key.replace(".", "_")] = POLICY_KEYS[key](value)
                except ValueError as error:
                    errors.append(f"{where}{key} {error}")
    if errors:
        return PolicyReading(Policy(), tuple(errors), tuple(notes))
    policy = Policy(**values)
    notes += _ignored_overrides(policy)
    return PolicyReading(replace(policy, checks=_overrides(policy)), (), tuple(notes))


def top_level_items(text: str) -> list[YamlItem]:
    """The top-level keys; a file may begin with `---`, as YAML files do. Raises DocumentError."""
    text = "#" + text if text.startswith("---\n") else text
    return read_front_matter(text if text.endswith("\n") else text + "\n", first_line=1)


def _dotted(key: str, value: Value) -> list[tuple[str, Value]]:
    """A section's keys with the section's name before a dot; any other key as it is."""
    if key not in SECTIONS:
        return [(key, value)]
    if value is None:
        return []
    return [(f"{key}.{name}", inner) for name, inner in value.items()] if isinstance(value, Mapping) else [(key, value)]


def _overrides(policy: Policy) -> dict[str, str]:
    """The severities that a policy may set."""
    return {name: value for name, value in policy.checks.items() if name in BY_NAME and name not in FIXED}


def _ignored_overrides(policy: Policy) -> Iterator[str]:
    """What is said about the severities that have no effect."""
    for name, severity in policy.checks.items():
        if name not in BY_NAME:
            yield f"checks: unknown check '{name[:60]}' is ignored (docs/checks.md lists the checks)"
        elif name in FIXED and severity != BLOCK:
            yield f"checks: '{name}' always blocks; the override is ignored"
