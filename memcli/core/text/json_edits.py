"""JSON as it is written: a strict reader that knows where everything stands, and edits that change nothing else.

Invariant: an edit is one splice. Order, spacing, line ends, escapes and the spelling of numbers around it stay byte for
byte. Read strictly: comments, trailing commas, NaN and double keys are told, never mended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BOM = "\ufeff"
MOST_LEVELS = 100
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


class NotJson(ValueError):
    """Why a text is not strict JSON, with the line."""


@dataclass(frozen=True)
class Node:
    """A value and where it stands; `keys` and `starts` (of a member with its key) are those of its `children`."""

    start: int
    end: int
    value: Any
    children: tuple[Node, ...] = ()
    keys: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()

    def at(self, key: str) -> Node | None:
        """The member of that name; None where there is none, or this is no object."""
        return self.children[self.keys.index(key)] if key in self.keys else None

    @property
    def members(self) -> Iterator[tuple[str, Node]]:
        return zip(self.keys, self.children, strict=False)


def read(text: str) -> Node:
    """The document. Raises NotJson."""
    reader = _Reader(text)
    start = len(BOM) if text.startswith(BOM) else 0
    node = reader.value(reader.skip(start), 0)
    if reader.skip(node.end) != len(text):
        reader.fail(reader.skip(node.end), "more after the end")
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def fail(self, at: int, what: str) -> Any:
        if self.text[at : at + 2] in ("//", "/*"):
            what = "a comment"
        raise NotJson(f"line {self.text.count(chr(10), 0, at) + 1}: {what}")

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, level: int) -> Node:
        letter = self.text[at : at + 1]
        if level > MOST_LEVELS:
            self.fail(at, "nested too deeply")
        if letter == "{":
            return self.object(at, level)
        if letter == "[":
            return self.array(at, level)
        return self.scalar(at)

    def scalar(self, at: int) -> Node:
        if found := _STRING.match(self.text, at):
            return Node(at, found.end(), json.loads(found[0]))
        if found := _NUMBER.match(self.text, at):
            short = len(found[0]) < 300  # Python refuses to read longer numbers
            return Node(at, found.end(), json.loads(found[0]) if short else found[0])
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return Node(at, at + len(word), value)
        return self.fail(at, "a value was expected")  # type: ignore[no-any-return]

    def array(self, at: int, level: int) -> Node:
        items: list[Node] = []
        place = self.skip(at + 1)
        while self.text[place : place + 1] != "]" or items:
            items.append(self.value(place, level + 1))
            place = self.skip(items[-1].end)
            if self.text[place : place + 1] == "]":
                break
            place = self.comma(place)
        starts = tuple(item.start for item in items)
        return Node(at, place + 1, [item.value for item in items], tuple(items), (), starts)

    def object(self, at: int, level: int) -> Node:
        items, keys, starts = list[Node](), list[str](), list[int]()
        place = self.skip(at + 1)
        while self.text[place : place + 1] != "}" or items:
            starts.append(place)
            keys.append(self.key(place, keys))
            colon = self.skip(self.scalar(place).end)
            if self.text[colon : colon + 1] != ":":
                self.fail(colon, "':' was expected")
            items.append(self.value(self.skip(colon + 1), level + 1))
            place = self.skip(items[-1].end)
            if self.text[place : place + 1] == "}":
                break
            place = self.comma(place)
        value = dict(zip(keys, (item.value for item in items), strict=True))
        return Node(at, place + 1, value, tuple(items), tuple(keys), tuple(starts))

    def key(self, at: int, known: list[str]) -> str:
        if not _STRING.match(self.text, at):
            self.fail(at, "a key was expected")
        key: str = self.scalar(at).value
        if key in known:
            self.fail(at, f"the key {key!r} for the second time")
        return key

    def comma(self, at: int) -> int:
        if self.text[at : at + 1] != ",":
            self.fail(at, "',' was expected")
        return self.skip(at + 1)


def append(text: str, container: Node, value: object, key: str | None = None) -> str:
    """The text with one more item, or member `key`, at the end of an array or object, in its own style."""
    style = _Style.of(text)
    if container.children:
        last = container.children[-1]
        before = _gap(text, container)
        layout = style if "\n" in before else _Style(style.end, None)
        return _splice(text, last.end, last.end, "," + before + layout.render(value, before.rpartition("\n")[2], key))
    if style.unit is None:
        inner = style.render(value, "", key)
    else:
        outer = _indent(text, container.start)
        inner = f"{style.end}{outer}{style.unit}{style.render(value, outer + style.unit, key)}{style.end}{outer}"
    return _splice(text, container.start + 1, container.end - 1, inner)


def remove(text: str, container: Node, position: int) -> str:
    """The text without one child, and without the comma and space that parted it; an only child leaves `{}` or `[]`."""
    start, end = container.starts[position], container.children[position].end
    if position:
        start = container.children[position - 1].end
    elif len(container.children) > 1:
        end = container.starts[1]
    else:
        start, end = container.start + 1, container.end - 1
    return _splice(text, start, end, "")


def replace(text: str, node: Node, written: str) -> str:
    """The text with something else in a value's place."""
    return _splice(text, node.start, node.end, written)


def _splice(text: str, start: int, end: int, written: str) -> str:
    return text[:start] + written + text[end:]


def _gap(text: str, container: Node) -> str:
    """The space before the last child: it is how the next one is set off too."""
    start = container.starts[-1]
    gap = re.search(r"[ \t\r\n]*$", text[container.start : start])
    written = gap[0] if gap else ""
    return written if "\n" in written or len(container.children) > 1 else written or " "


def _indent(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at].removeprefix(BOM)
    return line[: len(line) - len(line.lstrip(" \t"))]


@dataclass(frozen=True)
class _Style:
    """How a text is laid out: its line end, and one level of indentation (None: all in one line)."""

    end: str
    unit: str | None

    @staticmethod
    def of(text: str) -> _Style:
        root = read(text)
        end = "\r\n" if "\r\n" in text else "\n"
        if not root.children:
            return _Style(end, "  ")
        gap = text[root.start + 1 : root.starts[0]]
        if "\n" not in gap:
            return _Style(end, None)
        inner, outer = gap.rpartition("\n")[2], _indent(text, root.start)
        return _Style(end, inner.removeprefix(outer))

    def render(self, value: object, indent: str, key: str | None) -> str:
        written = json.dumps(value, ensure_ascii=False, indent=self.unit)
        head = "" if key is None else json.dumps(key, ensure_ascii=False) + ": "
        return head + written.replace("\n", self.end + indent)
