"""A memory's file: from bytes to text, to front matter and body, and edits that touch only the lines they must.

`parse_document(text).text() == text` for every text that can be read. A document is changed by making a new one: the
lines of every key that keeps its value stay as they are, with their comments, spacing and order (a YAML round trip
rewrote or refused 11 % of real files). `front_matter` decides what front matter may hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from memcli.core.memory.fast_yaml import Value, block_lines
from memcli.core.memory.front_matter import MAX_LEVELS, DocumentError, read_front_matter
from memcli.core.memory.keys import ORDER
from memcli.core.memory.line_edits import edited_block, entry_spans, rank, split_lines

__all__ = [
    "MAX_BYTES",
    "ORDER",
    "Document",
    "DocumentError",
    "KeyLines",
    "Scalar",
    "Value",
    "decode",
    "new_document",
    "parse_document",
]

Scalar = str
MAX_BYTES = 65536
_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"^---[ \t]*(?:\n|\Z)", re.M)


@dataclass(frozen=True)
class KeyLines:
    """A top-level key: its exact lines with the comments above, its value, its line in the file (1-based)."""

    key: str
    raw: str
    value: Value
    line: int


@dataclass(frozen=True)
class Document:
    """A file as front matter and body; `tail`: the comments behind the last key, `bare`: without front matter."""

    entries: tuple[KeyLines, ...]
    tail: str
    body: str
    bare: bool
    opening: str = "---\n"
    closing: str = "---\n"

    def front(self) -> dict[str, Value]:
        """The values by key, in file order."""
        return {entry.key: entry.value for entry in self.entries}

    def get(self, key: str) -> Value:
        """The value of `key`, None if it is absent or empty."""
        return next((entry.value for entry in self.entries if entry.key == key), None)

    def line_of(self, key: str) -> int:
        """The line of `key` in the file, 1-based; 0 if it is absent."""
        return next((entry.line for entry in self.entries if entry.key == key), 0)

    def text(self) -> str:
        """The text of the file."""
        return self.body if self.bare else self._with_block(self._block())

    def _block(self) -> str:
        return "".join([*(entry.raw for entry in self.entries), self.tail])

    def _with_block(self, block: str) -> str:
        closing = self.closing if self.closing.endswith("\n") or not self.body else self.closing + "\n"
        return f"{self.opening}{block}{closing}{self.body}"

    def with_body(self, body: str) -> Document:
        """The same front matter above another body; a bare document gets some if its body would be taken for it."""
        if self.bare:
            return replace(self, body=body, bare=not _FENCE.match(body))
        return parse_document(replace(self, body=body).text())

    def with_values(self, changes: Mapping[str, Value]) -> Document:
        """The document with some keys changed in place; None removes a key, new keys go where `ORDER` has them.

        Raises DocumentError if the result would exceed the limits of front matter.
        """
        old = self.front()
        new = {key: frozen(value) for key, value in changes.items() if key in old or value is not None}
        new = {key: value for key, value in new.items() if value is None or old.get(key) != value}
        if not new:
            return self
        front = {key: value for key, value in {**old, **new}.items() if value is not None or key not in new}
        try:
            result = self._edited(new, surgical=True)
        except DocumentError:
            result = self
        return result if result.front() == front else self._edited(new, surgical=False)

    def _edited(self, changes: Mapping[str, Value], surgical: bool) -> Document:
        return parse_document(self._with_block(edited_block(self._block(), changes, surgical)))


def decode(data: bytes, limit: int = MAX_BYTES) -> str:
    """Bytes as a store's text: UTF-8 without BOM, LF, NFC. Raises DocumentError, also for more than `limit` bytes."""
    if len(data) > limit:
        raise DocumentError(1, f"{len(data)} bytes; a memory has at most {limit}")
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if (nul := data.find(b"\0")) >= 0:
        raise DocumentError(data.count(b"\n", 0, nul) + 1, "contains a NUL byte: this is not a text file")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise DocumentError(data.count(b"\n", 0, error.start) + 1, f"not UTF-8 ({error.reason})") from None
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def parse_document(text: str) -> Document:
    """A file's text as a document. Raises DocumentError, with the line, if the front matter cannot be read."""
    opening = _FENCE.match(text)
    if not opening:
        return Document((), "", text, bare=True)
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        raise DocumentError(1, "front matter begins here and no later line '---' ends it")
    block = text[opening.end() : closing.start()]
    items = read_front_matter(block, first_line=2)
    lines = split_lines(block)
    spans = entry_spans(lines, items)
    entries = tuple(
        KeyLines(item.key, "".join(lines[start:end]), item.value, item.line + 2)
        for item, (start, end) in zip(items, spans, strict=True)
    )
    tail = "".join(lines[spans[-1][1] :]) if spans else block
    return Document(entries, tail, text[closing.end() :], False, opening[0], closing[0])


def new_document(front: Mapping[str, Value], body: str) -> Document:
    """A new file with its keys in `ORDER`, other keys behind, None left out. Raises DocumentError beyond the limits."""
    present = {key: frozen(front[key]) for key in sorted(front, key=rank) if front[key] is not None}
    return parse_document(f"---\n{block_lines(present)}---\n{body}")


def frozen(value: Value | list[Value], level: int = 2) -> Value:
    """The value as `parse_document` returns it: lists as tuples. Raises DocumentError if it is nested too deep."""
    if value is None or isinstance(value, str):
        return value
    if level > MAX_LEVELS:
        raise DocumentError(1, f"nested deeper than {MAX_LEVELS} levels")
    if isinstance(value, Mapping):
        return {key: frozen(item, level + 1) for key, item in value.items()}
    return tuple(frozen(item, level + 1) for item in value)
