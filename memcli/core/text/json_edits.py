"""JSON texts that are edited in place: a strict parser that knows positions, and edits that change nothing else.

Invariant: an edit replaces one span. Order, spacing, line ends, escapes and the spelling of numbers around it stay byte
for byte. Comments, trailing commas, NaN and duplicate keys are errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

BOM = "\ufeff"
MOST_LEVELS = 100
_SPACE = re.compile(r"[ \t\r\n]*")


class InvalidJson(ValueError):
    """Why a text is not strict JSON, with the line."""


@dataclass(frozen=True)
class JsonNode:
    """A value and its span. `keys` and `starts` belong to `children`; a member starts at its key."""

    start: int
    end: int
    value: Any
    children: tuple[JsonNode, ...] = ()
    keys: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()

    def member(self, key: str) -> JsonNode | None:
        """The member with that key; None if there is none, or this is not an object."""
        return self.children[self.keys.index(key)] if key in self.keys else None

    @property
    def members(self) -> Iterator[tuple[str, JsonNode]]:
        return zip(self.keys, self.children, strict=False)


def parse_json(text: str) -> JsonNode:
    """The document. Raises InvalidJson."""
    parser = _Parser(text)
    start = len(BOM) if text.startswith(BOM) else 0
    node = parser.value(parser.skip_space(start), 0)
    if parser.skip_space(node.end) != len(text):
        parser.fail(parser.skip_space(node.end), "text after the end")
    return node


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _short_int(digits: str) -> int | str:
    """Python refuses to read very long integers: they stay text."""
    return int(digits) if len(digits) < 300 else digits


_SCALARS = json.JSONDecoder(parse_constant=_reject_constant, parse_int=_short_int)


class _Parser:
    """Each method takes the position where its part starts."""

    def __init__(self, text: str) -> None:
        self.text = text

    def fail(self, at: int, problem: str) -> NoReturn:
        if self.text[at : at + 2] in ("//", "/*"):
            problem = "comments are not supported"
        raise InvalidJson(f"line {self.text.count(chr(10), 0, at) + 1}: {problem}")

    def skip_space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, level: int) -> JsonNode:
        if level > MOST_LEVELS:
            self.fail(at, "nested too deeply")
        if self.text.startswith("{", at):
            return self.object(at, level)
        if self.text.startswith("[", at):
            return self.array(at, level)
        return self.scalar(at)

    def scalar(self, at: int) -> JsonNode:
        try:
            value, end = _SCALARS.raw_decode(self.text, at)
        except ValueError:
            self.fail(at, "expected a value")
        return JsonNode(at, end, value)

    def array(self, at: int, level: int) -> JsonNode:
        items: list[JsonNode] = []
        position = self.skip_space(at + 1)
        while not self.text.startswith("]", position) or items:
            items.append(self.value(position, level + 1))
            position = self.skip_space(items[-1].end)
            if self.text.startswith("]", position):
                break
            position = self.after(",", position)
        starts = tuple(item.start for item in items)
        return JsonNode(at, position + 1, [item.value for item in items], tuple(items), (), starts)

    def object(self, at: int, level: int) -> JsonNode:
        values, keys, starts = list[JsonNode](), list[str](), list[int]()
        position = self.skip_space(at + 1)
        while not self.text.startswith("}", position) or values:
            key = self.key(position, keys)
            starts.append(position)
            keys.append(key.value)
            values.append(self.value(self.after(":", self.skip_space(key.end)), level + 1))
            position = self.skip_space(values[-1].end)
            if self.text.startswith("}", position):
                break
            position = self.after(",", position)
        value = dict(zip(keys, (node.value for node in values), strict=True))
        return JsonNode(at, position + 1, value, tuple(values), tuple(keys), tuple(starts))

    def key(self, at: int, earlier: list[str]) -> JsonNode:
        if not self.text.startswith('"', at):
            self.fail(at, "expected a key")
        key = self.scalar(at)
        if key.value in earlier:
            self.fail(at, f"duplicate key {key.value!r}")
        return key

    def after(self, sign: str, at: int) -> int:
        """Where the next part starts, behind a comma or colon."""
        if not self.text.startswith(sign, at):
            self.fail(at, f"expected {sign!r}")
        return self.skip_space(at + 1)


def append_json(text: str, container: JsonNode, value: object, key: str | None = None) -> str:
    """The text with one more item, or member `key`, at the end of an array or object, in its own style."""
    style = _Style.of(text)
    if container.children:
        end = container.children[-1].end
        gap = _gap(text, container)
        layout = style if "\n" in gap else _Style(style.line_end, None)
        return _splice(text, end, end, "," + gap + layout.render(value, gap.rpartition("\n")[2], key))
    if style.unit is None:
        content = style.render(value, "", key)
    else:
        outer = _indent(text, container.start)
        item = style.render(value, outer + style.unit, key)
        content = f"{style.line_end}{outer}{style.unit}{item}{style.line_end}{outer}"
    return _splice(text, container.start + 1, container.end - 1, content)


def remove_json(text: str, container: JsonNode, position: int) -> str:
    """The text without one child, its comma and the space between; without the only child `{}` or `[]` is left."""
    start, end = container.starts[position], container.children[position].end
    if position:
        start = container.children[position - 1].end
    elif len(container.children) > 1:
        end = container.starts[1]
    else:
        start, end = container.start + 1, container.end - 1
    return _splice(text, start, end, "")


def replace_json(text: str, node: JsonNode, source: str) -> str:
    """The text with other JSON in the place of a value."""
    return _splice(text, node.start, node.end, source)


def _splice(text: str, start: int, end: int, source: str) -> str:
    return text[:start] + source + text[end:]


def _gap(text: str, container: JsonNode) -> str:
    """The space before the last child, which is repeated before the next."""
    match = re.search(r"[ \t\r\n]*$", text[container.start : container.starts[-1]])
    gap = match[0] if match else ""
    return gap if "\n" in gap or len(container.children) > 1 else gap or " "


def _indent(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at].removeprefix(BOM)
    return line[: len(line) - len(line.lstrip(" \t"))]


@dataclass(frozen=True)
class _Style:
    """The layout of a text: its line end, and one level of indentation (None: everything in one line)."""

    line_end: str
    unit: str | None

    @staticmethod
    def of(text: str) -> _Style:
        root = parse_json(text)
        line_end = "\r\n" if "\r\n" in text else "\n"
        if not root.children:
            return _Style(line_end, "  ")
        gap = text[root.start + 1 : root.starts[0]]
        if "\n" not in gap:
            return _Style(line_end, None)
        inner, outer = gap.rpartition("\n")[2], _indent(text, root.start)
        return _Style(line_end, inner.removeprefix(outer))

    def render(self, value: object, indent: str, key: str | None) -> str:
        source = json.dumps(value, ensure_ascii=False, indent=self.unit)
        head = "" if key is None else json.dumps(key, ensure_ascii=False) + ": "
        return head + source.replace("\n", self.line_end + indent)
