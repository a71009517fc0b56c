"""The schema: how a document's front matter becomes a memory.

`read` is total: whatever the file says, it returns a `Memory` or findings with the line, never an exception.
Unknown keys are not part of the value; they live on in the document, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from memcli.core.finding import BLOCK, INFO, Finding
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, Value
from memcli.core.memory.holds_if import FORMS, parse_rule
from memcli.core.memory.identity import MemoryId
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.memory import EVIDENCE, KINDS, MAX_TITLE, STATUSES, TYPES, Memory, Source, Verified

T = TypeVar("T")
TOPIC = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY = re.compile(r"[A-Za-z0-9._/-]{1,200}")


class _Reader:
    """Types one document's values and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.front = document.front()
        self.findings: list[Finding] = []

    def report(self, key: str, message: str, severity: str = BLOCK) -> None:
        line = self.document.line_of(key)
        where = f"line {line}: " if line else ""
        memory_id = self.front.get("id")
        self.findings.append(
            Finding(
                "schema",
                severity,
                memory_id if isinstance(memory_id, str) else "",
                f"{where}{key}: {message}",
                f"correct '{key}' (docs/format.md lists the keys)",
            )
        )

    def text(self, key: str) -> str | None:
        value = self.front.get(key)
        if value is None or isinstance(value, str):
            return value or None
        self.report(key, "must be one line of text")
        return None

    def typed(self, key: str, convert: Callable[[str], T]) -> T | None:
        text = self.text(key)
        if text is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            self.report(key, str(error))
            return None

    def word(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        text = self.text(key) or default
        if text not in allowed:
            self.report(key, f"{text[:40]!r} is none of {', '.join(allowed)}")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.front.get(key)
        if value is None:
            return ()
        items = (value,) if isinstance(value, str) else value
        if isinstance(items, Mapping) or not all(isinstance(item, str) for item in items):
            self.report(key, "must be a list of words")
            return ()
        return tuple(str(item) for item in items)

    def nested(self, key: str) -> Mapping[str, Value]:
        value = self.front.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.report(key, "must be a mapping")
        return {}

    def slugs(self, key: str) -> tuple[str, ...]:
        items = self.texts(key)
        for item in items:
            if not TOPIC.fullmatch(item):
                self.report(key, f"{item[:40]!r} must be lower-case words joined by '-'")
        return items


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:40]!r} must be true or false")
    return text == "true"


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(f"{text[:40]!r} must be a number from 0 to 1")
    return number


def _key(text: str) -> str:
    if not KEY.fullmatch(text):
        raise ValueError(f"{text[:40]!r} must be 1 to 200 of A-Z a-z 0-9 . _ / -")
    return text


def _title(text: str) -> str:
    if "\n" in text or len(text) > MAX_TITLE:
        raise ValueError(f"must be one line of at most {MAX_TITLE} characters")
    return text


def _type(reader: _Reader) -> str:
    text = reader.text("type") or "fact"
    if text not in TYPES:
        reader.report("type", f"{text[:40]!r} is not a known type; kept as it is", INFO)
    return text


def _required(reader: _Reader, key: str, value: T | None, default: T) -> T:
    """`value`, or a finding and `default` where the key is missing (a wrong one has its finding already)."""
    if value is None and reader.front.get(key) in (None, ""):
        reader.report(key, "is missing")
    return default if value is None else value


_NO_ID = MemoryId("0" * 26)
_EPOCH = parse_instant("1970-01-01")


def as_recorded(document: Document, before: Document | None, agent: bool) -> Document:
    """What an agent calls a person's word is its own conclusion; what a person has said before it leaves alone."""
    said_before = before is not None and before.get("evidence") == "human"
    if agent and document.get("evidence") == "human" and not said_before:
        return document.with_values({"evidence": "inference"})
    return document


def read(document: Document) -> tuple[Memory | None, list[Finding]]:
    """The memory of a complete document and what is wrong with it; None where a `block` finding spoils it."""
    reader = _Reader(document)
    memory = _assemble(reader)
    if any(finding.severity == BLOCK for finding in reader.findings):
        return None, reader.findings
    return memory, reader.findings


def _assemble(reader: _Reader) -> Memory:
    status = reader.word("status", STATUSES, "active")
    created = _required(reader, "created", reader.typed("created", parse_instant), _EPOCH)
    valid_from, valid_to = reader.typed("valid_from", parse_instant), reader.typed("valid_to", parse_instant)
    if valid_to and valid_to < (valid_from or valid_to):
        reader.report("valid_to", "lies before valid_from")
    title = reader.typed("title", _title)
    return Memory(
        id=_required(reader, "id", reader.typed("id", MemoryId), _NO_ID),
        title=title or "" if status == "withdrawn" else _required(reader, "title", title, ""),
        kind=reader.word("kind", KINDS, "semantic"),
        type=_type(reader),
        topic=(reader.slugs("topic") or ("general",))[0],
        body=reader.document.body,
        created=created,
        modified=reader.typed("modified", parse_instant) or created,
        status=status,
        key=reader.typed("key", _key),
        tags=reader.slugs("tags"),
        paths=tuple(Anchor.parse(text) for text in reader.texts("paths")),
        valid_from=valid_from,
        valid_to=valid_to,
        expires=reader.typed("expires", parse_instant),
        verified=_verified(reader),
        evidence=reader.word("evidence", EVIDENCE, "inference") if reader.text("evidence") else None,
        confidence=reader.typed("confidence", _share),
        importance=reader.typed("importance", _share),
        pin=reader.typed("pin", _flag) or False,
        read_only=reader.typed("read_only", _flag) or False,
        conflict=reader.typed("conflict", _flag) or False,
        title_other=reader.text("title_other"),
        attention=reader.text("attention"),
        supersedes=reader.texts("supersedes"),
        superseded_by=reader.text("superseded_by"),
        merged_from=reader.texts("merged_from"),
        based_on=reader.texts("based_on"),
        holds_if=_rules(reader),
        source=_source(reader),
    )


def _rules(reader: _Reader) -> tuple[str, ...]:
    rules = reader.texts("holds_if")
    for rule in rules:
        if parse_rule(rule) is None:
            reader.report("holds_if", f"{rule[:60]!r} is no check ({FORMS}); kept as it is", INFO)
    return rules


def _verified(reader: _Reader) -> Verified | None:
    """When and at which commit; one that cannot be read says no more than a missing one, and spoils no memory."""
    value = reader.front.get("verified")
    if value is None:
        return None
    said = value if isinstance(value, Mapping) else {}
    at, commit = said.get("at"), said.get("commit")
    try:
        return Verified(parse_instant(at if isinstance(at, str) else ""), commit if isinstance(commit, str) else None)
    except ValueError:
        reader.report("verified", "is no {at: time, commit: id of the code}; kept as it is", INFO)
        return None


def _source(reader: _Reader) -> Source:
    values = {key: value for key, value in reader.nested("source").items() if isinstance(value, str) and value}
    return Source(values.get("session"), values.get("agent"), values.get("commit"), values.get("ref"))
