"""The types of front matter values: how each is read from a file, written to one, and kept in a column of the index.

Reading is total: a reader returns a typed value for whatever a file holds, and reports what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from memcli.core.finding import BLOCK, INFO
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.fast_yaml import Value
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.instants import format_instant, parse_instant

T = TypeVar("T")
KINDS = ("semantic", "procedural", "episodic")
TYPES = ("fact", "decision", "constraint", "preference", "stability", "procedure", "event", "attempt")
STATUSES = ("active", "superseded", "retired", "withdrawn")
EVIDENCE = ("code", "test", "human", "document", "inference")
"""Strongest first."""
MAX_TITLE = 120
DEFAULT_TOPIC = "general"
TOPIC_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY_PATTERN = re.compile(r"[A-Za-z0-9._/-]{1,200}")


@dataclass(frozen=True)
class Source:
    """Where a memory comes from: session, agent, commit of the code at writing, file or URL, and the reader of it."""

    session: str | None = None
    agent: str | None = None
    commit: str | None = None
    ref: str | None = None
    reader: str | None = None


@dataclass(frozen=True)
class Verified:
    """When a memory was last confirmed against the code, and at which commit of it."""

    at: datetime
    commit: str | None = None

    def front(self) -> dict[str, Value]:
        """The value as front matter has it."""
        return {"at": format_instant(self.at), **({"commit": self.commit} if self.commit else {})}


class ReportProblem(Protocol):
    """Takes what is wrong with a value; a `block` spoils the memory."""

    def __call__(self, message: str, severity: str = BLOCK) -> None: ...


class KeyType(NamedTuple):
    """How values of a key are read (None: the key is absent), written (None: left out), and kept in a column."""

    read: Callable[[Value, ReportProblem], Any]
    write: Callable[[Any], Value] = lambda value: value or None
    column: Callable[[Any], object] = lambda value: value


# Readers


def _text(value: Value, report: ReportProblem) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    report("must be one line of text")
    return None


def _typed(convert: Callable[[str], T], default: T | None = None) -> Callable[[Value, ReportProblem], T | None]:
    """The reader of a text that `convert` types or refuses with a ValueError; `default` where the key is absent."""

    def read(value: Value, report: ReportProblem) -> T | None:
        text = _text(value, report)
        if text is None:
            return default
        try:
            return convert(text)
        except ValueError as error:
            report(str(error))
            return default

    return read


def _title(text: str) -> str:
    if "\n" in text or len(text) > MAX_TITLE:
        raise ValueError(f"must be one line of at most {MAX_TITLE} characters")
    return text


def _timeline_key(text: str) -> str:
    if not KEY_PATTERN.fullmatch(text):
        raise ValueError(f"{text[:40]!r} must be 1 to 200 of A-Z a-z 0-9 . _ / -")
    return text


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:40]!r} must be true or false")
    return text == "true"


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 1:
        raise ValueError(f"{text[:40]!r} must be a number from 0 to 1")
    return number


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if text not in words:
            raise ValueError(f"{text[:40]!r} is not one of {', '.join(words)}")
        return text

    return convert


def _type(value: Value, report: ReportProblem) -> str:
    text = _text(value, report) or "fact"
    if text not in TYPES:
        report(f"{text[:40]!r} is not a known type; kept as it is", INFO)
    return text


def _texts(value: Value, report: ReportProblem) -> tuple[str, ...]:
    items = () if value is None else (value,) if isinstance(value, str) else value
    if isinstance(items, Mapping) or not all(isinstance(item, str) for item in items):
        report("must be a list of words")
        return ()
    return tuple(str(item) for item in items)


def _other_values(value: Value, _report: ReportProblem) -> tuple[tuple[str, str], ...]:
    listed = sorted(value.items()) if isinstance(value, Mapping) else ()
    pairs = ((name, text) for name, texts in listed for text in (texts if isinstance(texts, tuple) else (texts,)))
    return tuple((name, retirement_reason(text) if name == "retired" else str(text)) for name, text in pairs)


def retirement_reason(retirement: Value) -> str:
    """Why a memory was retired, by the value of its `retired` or the JSON of one; empty where it does not say."""
    if isinstance(retirement, str) and retirement.startswith("{"):
        import json

        try:
            retirement = json.loads(retirement)
        except ValueError:
            return ""
    return str(retirement.get("reason") or "").strip() if isinstance(retirement, Mapping) else ""


def _slugs(value: Value, report: ReportProblem) -> tuple[str, ...]:
    items = _texts(value, report)
    for item in items:
        if not TOPIC_PATTERN.fullmatch(item):
            report(f"{item[:40]!r} must be lower-case words joined by '-'")
    return items


def _topic(value: Value, report: ReportProblem) -> str:
    return (_slugs(value, report) or (DEFAULT_TOPIC,))[0]


def _anchors(value: Value, report: ReportProblem) -> tuple[Anchor, ...]:
    return tuple(Anchor.parse(text) for text in _texts(value, report))


def _rules(value: Value, report: ReportProblem) -> tuple[str, ...]:
    rules = _texts(value, report)
    if not rules:
        return ()
    from memcli.core.memory.holds_if import FORMS, parse_rule  # few memories have rules

    for rule in rules:
        if parse_rule(rule) is None:
            report(f"{rule[:60]!r} is not a rule ({FORMS}); kept as it is", INFO)
    return rules


def _verified(value: Value, report: ReportProblem) -> Verified | None:
    """When and at which commit; a value that cannot be read counts as missing and spoils no memory."""
    if value is None:
        return None
    parts = value if isinstance(value, Mapping) else {}
    at, commit = parts.get("at"), parts.get("commit")
    try:
        return Verified(parse_instant(at if isinstance(at, str) else ""), commit if isinstance(commit, str) else None)
    except ValueError:
        report("is not {at: time, commit: id of the code}; kept as it is", INFO)
        return None


def _source(value: Value, report: ReportProblem) -> Source:
    if value is not None and not isinstance(value, Mapping):
        report("must be a mapping")
        return Source()
    parts = {key: text for key, text in (value or {}).items() if isinstance(text, str) and text}
    return Source(parts.get("session"), parts.get("agent"), parts.get("commit"), parts.get("ref"), parts.get("reader"))


# Writers


def _written_instant(moment: datetime | None) -> str | None:
    return format_instant(moment) if moment else None


def _written_flag(flag: bool) -> str | None:
    return "true" if flag else None


def _joined(words: tuple[str, ...]) -> str:
    return " ".join(words)


ID = KeyType(_typed(MemoryId))
TITLE = KeyType(_typed(_title, ""))
TEXT = KeyType(_text)
KIND = KeyType(_typed(_one_of(KINDS), KINDS[0]))
TYPE = KeyType(_type)
STATUS = KeyType(_typed(_one_of(STATUSES), STATUSES[0]))
EVIDENCE_RANK = KeyType(_typed(_one_of(EVIDENCE)))
TIMELINE_KEY = KeyType(_typed(_timeline_key))
TOPIC_NAME = KeyType(_topic)
SLUGS = KeyType(_slugs, column=_joined)
TEXTS = KeyType(_texts, column=_joined)
OTHER_VALUES = KeyType(_other_values, lambda _: None)
"""The values in a mapping, each with its name; of a retirement its reason."""
RETIREMENT = KeyType(lambda value, _report: retirement_reason(value), lambda _: None)
"""Why a memory was retired."""
ANCHORS = KeyType(_anchors, lambda anchors: tuple(str(anchor) for anchor in anchors) or None)
RULES = KeyType(_rules)
INSTANT = KeyType(_typed(parse_instant), _written_instant, _written_instant)
FLAG = KeyType(_typed(_flag, False), _written_flag)
SHARE = KeyType(_typed(_share), lambda share: None if share is None else f"{share:g}")
VERIFIED = KeyType(_verified, lambda verified: verified.front() if verified else None)
SOURCE = KeyType(_source, lambda source: {key: text for key, text in vars(source).items() if text} or None)
