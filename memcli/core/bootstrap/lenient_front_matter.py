"""The front matter of files that others wrote: strictly where it can be, leniently where it must.

Invariant: whatever a file begins with, reading it never fails and its body is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from memcli.core.memory.document import DocumentError, Value, parse_document

MAX_LINES = 200
_KEY_LINE = re.compile(r"([A-Za-z][\w .-]{0,60}?)\s*:(?:\s+(.*)|\s*)")


@dataclass(frozen=True)
class Headed:
    """A file's front matter flattened to lower_case keys (`metadata: {type}` is `type`), its body and body's line."""

    body: str
    line: int = 1
    front: Mapping[str, str] = field(default_factory=dict)

    def get(self, *keys: str) -> str:
        """The first of `keys` that says something, else the empty string."""
        return next((self.front[key] for key in keys if self.front.get(key)), "")


def headed(text: str) -> Headed:
    """The front matter and body of LF text."""
    if not text.startswith("---\n"):
        return Headed(text)
    try:
        document = parse_document(text)
        front, body = dict(_flattened(document.front())), document.body
    except (DocumentError, RecursionError):
        return _lenient(text)
    if not front and body != text:
        return _lenient(text)
    return Headed(body, text[: len(text) - len(body)].count("\n") + 1, front)


def _flattened(front: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Inner keys first, so that an outer one of the same name wins."""
    for value in front.values():
        if isinstance(value, Mapping):
            yield from _flattened(value)
    for key, value in front.items():
        if not isinstance(value, Mapping):
            yield _name(key), _words(value)


def _words(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(_words(item) for item in value if not isinstance(item, Mapping))
    return value.strip() if isinstance(value, str) else ""


def _name(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip()).lower()


def _lenient(text: str) -> Headed:
    """`key: value` lines and what is indented below them; without any, the rule is no front matter but a line."""
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:MAX_LINES], 1) if line.rstrip() in ("---", "...")), 0)
    front: dict[str, str] = {}
    key = ""
    for line in lines[1:end]:
        match = _KEY_LINE.fullmatch(line.strip())
        if match and not line.lstrip().startswith("- "):
            key = _name(match[1])
            front[key] = _unquoted(match[2] or "")
        elif key:
            front[key] = f"{front[key]} {line.strip().removeprefix('- ')}".strip()
    if not front:
        return Headed(text)
    return Headed("\n".join(lines[end + 1 :]), end + 2, front)


def _unquoted(value: str) -> str:
    value = value.strip()
    if re.fullmatch(r"[|>][+-]?", value):
        return ""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
