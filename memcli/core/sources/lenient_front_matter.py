"""The front matter of files that other tools wrote, read strictly where possible and leniently where necessary.

Invariant: reading never fails, however a file begins, and its body is complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from memcli.core.memory.document import DocumentError, Value, parse_document

MAX_LINES = 200
_KEY_LINE = re.compile(r"([A-Za-z][\w .-]{0,60}?)\s*:(?:\s+(.*)|\s*)")


@dataclass(frozen=True)
class LenientDocument:
    """A file's body, the line where it starts, and its front matter with lower_case keys, nested ones flattened
    (`metadata: {type}` is `type`)."""

    body: str
    line: int = 1
    front: Mapping[str, str] = field(default_factory=dict)

    def get(self, *keys: str) -> str:
        """The value of the first of these keys that has one, else ''."""
        return next((self.front[key] for key in keys if self.front.get(key)), "")


def parse_leniently(text: str) -> LenientDocument:
    """The front matter and body of a text with LF lines."""
    if not text.startswith("---\n"):
        return LenientDocument(text)
    try:
        document = parse_document(text)
        front, body = dict(_flattened(document.front())), document.body
    except (DocumentError, RecursionError):
        return _parse_lines(text)
    if not front and body != text:
        return _parse_lines(text)
    return LenientDocument(body, text[: len(text) - len(body)].count("\n") + 1, front)


def _flattened(front: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """(key, text), nested keys first, so that an outer key with the same name wins."""
    for value in front.values():
        if isinstance(value, Mapping):
            yield from _flattened(value)
    for key, value in front.items():
        if not isinstance(value, Mapping):
            yield _normalised(key), _text(value)


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value if not isinstance(item, Mapping))
    return value.strip() if isinstance(value, str) else ""


def _normalised(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip()).lower()


def _parse_lines(text: str) -> LenientDocument:
    """`key: value` lines and the lines indented below them; without any, the `---` is a horizontal rule."""
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:MAX_LINES], 1) if line.rstrip() in ("---", "...")), 0)
    front: dict[str, str] = {}
    key = ""
    for line in lines[1:end]:
        match = _KEY_LINE.fullmatch(line.strip())
        if match and not line.lstrip().startswith("- "):
            key = _normalised(match[1])
            front[key] = _unquoted(match[2] or "")
        elif key:
            front[key] = f"{front[key]} {line.strip().removeprefix('- ')}".strip()
    if not front:
        return LenientDocument(text)
    return LenientDocument("\n".join(lines[end + 1 :]), end + 2, front)


def _unquoted(value: str) -> str:
    value = value.strip()
    if re.fullmatch(r"[|>][+-]?", value):
        return ""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
