"""How a pack shows one memory: its fields read from the file's text, an excerpt as one line, a coarse age.

Everything here is a function of the text (and of the pack's instant): the same blob gives the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from memcli.core.memory.document import DocumentError, Value, parse_document
from memcli.core.memory.instants import parse_instant
from memcli.core.memory.standing import standing_of
from memcli.core.pack.frame import clean, shortened

SCANNED = 4_000
"""Characters of a body that are read for an excerpt."""
MAX_TITLE = 120
_WORD = re.compile(r"[\w-]{1,20}")
_UNITS = ((365, "year"), (30, "month"), (7, "week"), (1, "day"))


@dataclass(frozen=True)
class PackedMemory:
    """A memory as a pack shows it; a field that the file lacks is empty."""

    title: str
    body: str
    type: str
    evidence: str
    modified: str
    paths: tuple[str, ...]
    standing: str | None = None

    @classmethod
    def of(cls, text: str) -> PackedMemory:
        """The memory in a file's text, never an error: an unreadable text is a body alone."""
        try:
            document = parse_document(text)
            front, body = document.front(), document.body
        except DocumentError:
            front, body = {}, text
        word = {key: value if _WORD.fullmatch(value := _text(front.get(key))) else "" for key in ("type", "evidence")}
        paths = front.get("paths")
        anchors = tuple(_text(path) for path in paths) if isinstance(paths, tuple) else ()
        tags = front.get("tags")
        standing = standing_of(word["type"], tuple(map(_text, tags)) if isinstance(tags, tuple) else ())
        title, modified = _text(front.get("title")), _text(front.get("modified"))
        return cls(title, body, word["type"], word["evidence"], modified, anchors, standing)

    @cached_property
    def _lines(self) -> tuple[str, str]:
        return shortened(clean(self.title), MAX_TITLE), flat_text(self.body)

    def shown(self, room: int) -> str:
        """The title, and up to `room` characters of the body: one clean line that never repeats the title."""
        title, body = self._lines
        bare_title, bare_body = _unmarked(title), _unmarked(body)
        if room <= 0 or bare_body.rstrip(".!") == bare_title or not body:
            return title or shortened(body, MAX_TITLE)
        if not title or bare_body.startswith(bare_title.rstrip("….")):
            return shortened(body, len(title) + room)
        return f"{title}: {shortened(body, room)}"


def _unmarked(line: str) -> str:
    """A line without markup, for comparison: a title is often the first sentence without its markup."""
    return re.sub(r"[`*]", "", line).casefold()


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def flat_text(body: str) -> str:
    """A body's beginning as one clean line: without fences, heading marks and quotation marks of markdown."""
    lines = (line.strip() for line in body[:SCANNED].splitlines())
    kept = (re.sub(r"^(?:#{1,6}\s+|>\s?)+", "", line) for line in lines if not re.match(r"`{3}|~{3}|<!--.*-->$", line))
    return clean(" ".join(kept))


def coarse_age(modified: str, at: str) -> str:
    """How long before the instant `at` something was modified: `today`, `3 days`, `2 months`; empty if unknown."""
    try:
        days = (parse_instant(at) - parse_instant(modified)).days
    except ValueError:
        return ""
    for length, unit in _UNITS:
        if days >= 2 * length or (unit == "day" and days == 1):
            number = days // length
            return f"{number} {unit}" + ("s" if number > 1 else "")
    return "today"
