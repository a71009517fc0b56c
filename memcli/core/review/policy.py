"""The store's rules: the home of `Policy` and of policy.yaml, its reading and its round trip through ruamel.yaml.

A policy holds rules and nothing that runs or connects, because stores are fetched from others. Reading is total: a
text that cannot be read, or that says something impossible, gives the defaults with `promote: person` and the reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import StringIO
from typing import Any

from memcli.core.finding import SEVERITIES
from memcli.core.memory import front_matter as frontmatter
from memcli.core.memory.document import DocumentError, Value
from memcli.core.memory.fast_yaml import YamlItem

PERSON, REVIEWER, AUTO = "person", "reviewer", "auto"
FIXED_CHECKS = ("schema", "secret", "terminal-escape", "path-safety", "private", "excluded")
"""Checks whose severity no policy changes."""

DEFAULT_POLICY_TEXT = """\
# The rules of this memory store. In force is what stands at the tip of mem/main.
# Edit with `mem policy edit`: the change waits in review as the candidate `policy`, for persons only.

# Who may promote an agent's session: person, reviewer (the command in git config mem.reviewer),
# asked when the session has ended), or auto (the checks alone).
# Topics with owners, superseding and retiring of stronger evidence, and every warning are for a person in any case.
promote: person

# Severity of single checks: block, warn (a person looks) or info. For example  near-duplicate: info
# schema, secret, terminal-escape, path-safety, private and excluded always keep their own.
checks: {}

# Not in force yet: nothing is merged from remotes so far.
# Refuse to merge fetched commits that are not signed by one of git config mem.allowedSigners.
require_signed: false

# When `mem dream --auto` runs, and the share of active memories that a dream may retire without --force.
dream:
  every: 24h
  sessions: 5
  max_retire_percent: 20

# The size of what `mem hydrate` hands to an agent, in tokens of four characters.
pack:
  tokens: 2000

# More candidates than this in one session bring a warning.
session:
  max_candidates: 500

# Who answers for a topic. For example  payments: [ada@example.org]
# With `promote: reviewer` or `auto`, an agent's changes to these topics still wait for a person.
owners: {}

# How long a superseded memory stays before a dream retires it: 365d, or never.
retention:
  superseded: never

# Not in force yet. Names of agents whose memories deserve a second look.
agents:
  deprecated: []
"""


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
class Reading:
    """What a policy file says: the policy in force, what makes it invalid, and what is only remarked."""

    policy: Policy
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_policy(text: str) -> tuple[Policy, list[str]]:
    """The policy in force and every problem with its line; an invalid text means the defaults, promoted by persons."""
    reading = examine(text)
    return reading.policy, [*reading.errors, *reading.notes]


def examine(text: str) -> Reading:
    """As `read_policy`, with the errors that make the text invalid apart from the notes that do not."""
    try:
        items = _items(text)
    except DocumentError as error:
        return Reading(Policy(), (str(error),))
    values: dict[str, Any] = {}
    errors: list[str] = []
    notes: list[str] = []
    for item in items:
        for dotted, value in _flat(item.key, item.value):
            where = f"line {item.line + 1}: "
            if dotted in _SECTIONS:
                errors.append(f"{where}{dotted}: must be a mapping")
            elif dotted not in KEYS:
                notes.append(f"{where}unknown key '{dotted[:60]}' is ignored")
            elif value is not None:
                try:
                    values[dotted.replace(".", "_")] = KEYS[dotted](value)
                except ValueError as error:
                    errors.append(f"{where}{dotted}: {error}")
    if errors:
        return Reading(Policy(), tuple(errors), tuple(notes))
    return _with_fixed_checks(Policy(**values), notes)


def _items(text: str) -> list[YamlItem]:
    """The top-level keys; a file may begin with `---`, as YAML files do."""
    text = "#" + text if text.startswith("---\n") else text
    return frontmatter.read_front_matter(text if text.endswith("\n") else text + "\n", first_line=1)


def _flat(key: str, value: Value) -> list[tuple[str, Value]]:
    """A section's keys with the section's name before a dot; any other key as it is."""
    if key not in _SECTIONS:
        return [(key, value)]
    if value is None:
        return []
    return [(f"{key}.{name}", inner) for name, inner in value.items()] if isinstance(value, Mapping) else [(key, value)]


def _with_fixed_checks(policy: Policy, notes: list[str]) -> Reading:
    """The policy without overrides of checks that always block."""
    lowered = [name for name in FIXED_CHECKS if policy.checks.get(name, "block") != "block"]
    notes = [*notes, *(f"checks: '{name}' always blocks; the override is ignored" for name in lowered)]
    kept = {name: severity for name, severity in policy.checks.items() if name not in FIXED_CHECKS}
    return Reading(replace(policy, checks=kept), (), tuple(notes))


def set_value(text: str, dotted_key: str, value: str) -> str:
    """The text with one key set (`promote`, `dream.every`, `checks.near-duplicate`, `owners.payments`), comments kept.

    `value` is what stands behind the colon (`auto`, `36h`, `[ada@example.org]`). Raises ValueError where the key is
    unknown or the result is no valid policy.
    """
    section, _, name = dotted_key.partition(".")
    if dotted_key not in KEYS and not (section in _TABLES and name):
        raise ValueError(f"no key '{dotted_key[:60]}' in a policy; there are {', '.join(KEYS)}")
    _items(text)  # refuses anchors, tags and depth before ruamel composes them
    edited = _round_trip(text, section, name, value)
    reading = examine(edited)
    problems = [*reading.errors, *(note for note in reading.notes if note not in examine(text).notes)]
    if problems:
        raise ValueError("; ".join(problems))
    return edited


def _round_trip(text: str, section: str, name: str, value: str) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        data, new = yaml.load(text), yaml.load(value)
    except YAMLError as error:
        raise ValueError(f"{value[:60]!r} is no YAML value") from error
    data = CommentedMap() if data is None else data
    if not name:
        data[section] = new
    elif isinstance(data.get(section), CommentedMap):
        data[section][name] = new
    else:
        data[section] = CommentedMap({name: new})
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


# Converters: a value as it is written to what the policy holds; ValueError says what it must be.


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a single value")
    return value


def _promote(value: Value) -> str:
    return _one_of((PERSON, REVIEWER, AUTO), value)


def _one_of(words: tuple[str, ...], value: Value) -> str:
    if value not in words:
        raise ValueError(f"must be one of {', '.join(words)}")
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


KEYS: dict[str, Callable[[Value], object]] = {
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
_SECTIONS = frozenset(key.partition(".")[0] for key in KEYS if "." in key)
_TABLES = ("checks", "owners")
