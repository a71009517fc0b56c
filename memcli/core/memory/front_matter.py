"""Front matter: a restricted YAML, read by `fast_yaml` or else through ruamel.yaml's scanner and parser.

No anchors, aliases, tags or duplicate keys; at most 6 levels and 2,000 nodes. Every scalar stays the text that was
written (`no`, `1.10`, `12:30`); an empty value is None. Whatever the input, the only exception is `DocumentError`, and
no input is slow: events are refused one by one, before a deep or wide file costs anything.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NoReturn

from memcli.core.memory.fast_yaml import Value, YamlItem, read_fast

MAX_LEVELS = 6
MAX_NODES = 2000


class DocumentError(ValueError):
    """A file cannot be read: the line (1-based, in the file) and what is wrong there."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


def read_front_matter(block: str, first_line: int = 2) -> list[YamlItem]:
    """The top-level keys of a block of whole lines, in order; `first_line`: where the block begins in its file.

    Raises DocumentError.
    """
    items = read_fast(block)
    return read_with_ruamel(block, first_line) if items is None else items


def read_with_ruamel(block: str, first_line: int = 2) -> list[YamlItem]:
    """As `read_front_matter`, by ruamel's scanner and parser alone: every form that the restricted YAML has."""
    return _Walk(block, first_line).items()


class _Walk:
    """One pass over ruamel's events, which refuses what the restricted YAML does not have before it costs anything."""

    def __init__(self, block: str, first_line: int) -> None:
        self.block = block
        self.first_line = first_line
        self.events = self._events()
        self.nodes = 0
        self.end = 0  # offset behind the last scalar or flow collection
        self.open: list[int] = []  # offsets of the brackets not yet closed

    def _events(self) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        yaml = YAML(typ="safe", pure=True)
        yaml.Scanner = _scanner()
        try:
            yield from yaml.parse(self.block)
        except _TooDeep as error:
            self.fail(error.args[0], f"nested deeper than {MAX_LEVELS} levels")
        except MarkedYAMLError as error:
            self.fail(self._place(error.problem_mark, error.context_mark), _reason(error.problem or error.context))
        except YAMLError as error:
            self.fail(getattr(error, "position", 0), _reason(getattr(error, "reason", None)))
        except DocumentError:
            raise
        except Exception as error:  # \UFFFFFFFF is a ValueError of chr, a stray comment an AssertionError, ...
            self.fail(self.end, f"not readable as YAML ({type(error).__name__})")

    def _place(self, problem: Any, context: Any) -> int:
        """The offset to report: where something was opened, if its end is missing at the end of the block."""
        if problem and problem.index < len(self.block):
            return int(problem.index)
        return self.open[0] if self.open else context.index if context else self.end

    def fail(self, offset: int, message: str) -> NoReturn:
        raise DocumentError(self.first_line + self.row(offset), message)

    def row(self, offset: int) -> int:
        return self.block.count("\n", 0, offset)

    def items(self) -> list[YamlItem]:
        """The top-level keys; the stream has to hold exactly one block mapping, or nothing."""
        items: list[YamlItem] = []
        for event in self.events:
            name = type(event).__name__
            if name in ("DocumentStartEvent", "DocumentEndEvent") and event.explicit:
                self.fail(event.start_mark.index, "front matter may not contain '...' or '--- text'")
            elif name in ("StreamStartEvent", "StreamEndEvent", "DocumentStartEvent", "DocumentEndEvent"):
                continue
            elif name != "MappingStartEvent" or event.flow_style:
                self.fail(event.start_mark.index, "front matter must be lines of 'key: value'")
            else:
                self._check(event, 1)
                items = list(self._top())
        return items

    def _top(self) -> Iterator[YamlItem]:
        seen: set[str] = set()
        while (event := next(self.events)) and type(event).__name__ != "MappingEndEvent":
            offset = event.start_mark.index
            if offset and self.block[offset - 1] != "\n":
                self.fail(offset, "a key must begin its line")
            key = self._key(event, seen)
            colon = self.block.find(":", event.end_mark.index)
            value = self._value(first := next(self.events), 2)
            if value is None:
                self.end = colon + 1
            yield YamlItem(key, value, self.row(offset), self._end_row(), self._comment(first))

    def _end_row(self) -> int:
        """The row after the last one with a part of the value; blank rows behind a block scalar are no part of it."""
        return self.row(len(self.block[: self.end].rstrip(" \n"))) + 1

    def _comment(self, event: Any) -> str:
        block_scalar = getattr(event, "style", None) in ("|", ">")
        if block_scalar or getattr(event, "flow_style", None) is False:
            return ""
        rest = self.block[self.end : self.block.find("\n", self.end)].rstrip()
        return rest if rest.lstrip().startswith("#") else ""

    def _key(self, event: Any, seen: set[str]) -> str:
        value = self._value(event, MAX_LEVELS)
        if not isinstance(value, str):
            self.fail(event.start_mark.index, "a key must be a word")
        if value in seen:
            self.fail(event.start_mark.index, f"duplicate key {value[:40]!r}")
        seen.add(value)
        return value

    def _value(self, event: Any, level: int) -> Value:
        self._check(event, level)
        name = type(event).__name__
        if name == "SequenceStartEvent":
            return tuple(self._sequence(event, level))
        return self._mapping(event, level) if name == "MappingStartEvent" else self._scalar(event)

    def _scalar(self, event: Any) -> str | None:
        if not event.value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in event.value):
            self.fail(event.start_mark.index, "contains half of a character (a surrogate)")
        empty = event.style is None and event.value == ""
        self.end = max(self.end, self._last_text(event.start_mark.index) if empty else event.end_mark.index)
        return None if empty else str(event.value)

    def _last_text(self, end: int) -> int:
        """The end of the last line before `end` that is not a comment: ruamel puts an empty value where the next
        begins."""
        while (start := self.block.rfind("\n", 0, end)) >= 0 and self.block[start:end].strip()[:1] in ("", "#"):
            end = start
        return end

    def _sequence(self, start: Any, level: int) -> Iterator[Value]:
        self._enter(start)
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            yield self._value(event, level + 1)
        self._leave(start, event)

    def _mapping(self, start: Any, level: int) -> dict[str, Value]:
        self._enter(start)
        values: dict[str, Value] = {}
        seen: set[str] = set()
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self._key(event, seen)
            values[key] = self._value(next(self.events), level + 1)
        self._leave(start, event)
        return values

    def _enter(self, start: Any) -> None:
        if start.flow_style:
            self.open.append(start.start_mark.index)

    def _leave(self, start: Any, end: Any) -> None:
        """A flow collection ends with its bracket; a block one with its last scalar."""
        if start.flow_style:
            self.open.pop()
            self.end = max(self.end, end.end_mark.index)

    def _check(self, event: Any, level: int) -> None:
        """Refuse a node that the restricted YAML does not have."""
        name, offset = type(event).__name__, event.start_mark.index
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.fail(offset, f"more than {MAX_NODES} values")
        if name == "AliasEvent":
            self.fail(offset, "'*' refers to an anchor: put the value in quotes")
        if event.anchor is not None:
            self.fail(offset, "'&' sets an anchor: put the value in quotes")
        if event.tag is not None:
            self.fail(offset, "'!' sets a tag: put the value in quotes")
        if level > MAX_LEVELS and name != "ScalarEvent":
            self.fail(offset, f"nested deeper than {MAX_LEVELS} levels")


def _reason(text: str | None) -> str:
    """What ruamel reports, if possible in words for people who write front matter."""
    reason = " ".join((text or "not readable as YAML").split())[:200]
    if reason == "mapping values are not allowed here":
        return "a value that contains ': ' must be in quotes"
    if "found unexpected end of stream" in reason or "'<stream end>'" in reason:
        return "opened here and never closed"
    return f"{reason}: put the value in quotes" if "cannot start any token" in reason else reason


class _TooDeep(Exception):
    """Raised with the offset by the scanner, which reads brackets ahead of the events."""


@functools.cache
def _scanner() -> Any:
    from ruamel.yaml.scanner import Scanner

    class ShallowScanner(Scanner):
        def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:
            if len(self.flow_context) >= MAX_LEVELS:
                raise _TooDeep(self.reader.index)
            super().fetch_flow_collection_start(TokenClass, to_push)

    return ShallowScanner
