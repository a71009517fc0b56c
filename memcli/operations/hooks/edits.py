"""The kinds of text that get our hooks, each with the way in and the way out. Works on bytes, never on files.

Invariant: for every edit, `remove(insert(before))` is `before`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from memcli.agents.hook_commands import calls_mem
from memcli.core.text.hooks_json import (
    CannotEdit,
    HookEntry,
    handlers_of,
    insert_entries,
    own_handlers,
    remove_entries,
)
from memcli.core.text.json_edits import InvalidJson, parse_json
from memcli.core.text.marked_block import find_block, has_block, has_lone_mark, remove_blocks

Origins = Mapping[str, str | None]
MARK = b"Written by 'mem hooks install"
"""In the head of a file that is all ours."""


@dataclass(frozen=True)
class Inserted:
    """A text with our hooks, and what was there before in their place."""

    data: bytes
    origins: Origins = field(default_factory=dict)


class TextEdit(Protocol):
    """One kind of edit; `snippet` is what a person would insert by hand."""

    @property
    def snippet(self) -> str: ...
    def is_present(self, data: bytes) -> bool:
        """Whether a text has anything of ours. Raises CannotEdit where that cannot be told."""
        ...

    def is_current(self, data: bytes) -> bool:
        """Whether a text has just what `insert` would add. Raises CannotEdit."""
        ...

    def insert(self, before: bytes | None) -> Inserted:
        """The text with our hooks; None: there is no file. Raises CannotEdit."""
        ...

    def remove(self, data: bytes, origins: Origins) -> bytes | None:
        """The text without our hooks; None if there was no file. Raises CannotEdit."""
        ...


@dataclass(frozen=True)
class HookTable:
    """Handlers in the `hooks` table of a JSON file that its user edits too."""

    entries: Sequence[HookEntry]
    members: Mapping[str, object]

    @property
    def snippet(self) -> str:
        return _document(self.entries, self.members)

    def is_present(self, data: bytes) -> bool:
        try:
            return bool(own_handlers(_json_text(data), calls_mem))
        except CannotEdit:
            if calls_mem(data.decode("utf-8", "replace")):
                raise
            return False

    def is_current(self, data: bytes) -> bool:
        present = own_handlers(_json_text(data), calls_mem) if data.strip() else []
        return _sorted(present) == _sorted(handlers_of(self.entries))

    def insert(self, before: bytes | None) -> Inserted:
        text = _json_text(before) if before and before.strip() else "{}\n"
        edited = insert_entries(text, self.entries, self.members)
        return Inserted(edited.text.encode(), edited.origins)

    def remove(self, data: bytes, origins: Origins) -> bytes | None:
        return remove_entries(_json_text(data), calls_mem, origins).encode()


def _sorted(handlers: Sequence[HookEntry]) -> list[str]:
    return sorted(json.dumps(handler, sort_keys=True) for handler in handlers)


def _json_text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
        parse_json(text)
    except UnicodeDecodeError as error:
        raise CannotEdit(f"it is not UTF-8 ({error.reason})") from error
    except InvalidJson as error:
        raise CannotEdit(f"it is not strict JSON: {error}") from error
    return text


def _document(entries: Sequence[HookEntry], members: Mapping[str, object]) -> str:
    table: dict[str, list[object]] = {}
    for event, entry in entries:
        table.setdefault(event, []).append(entry)
    return json.dumps({**members, "hooks": table}, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class OwnFile:
    """A file that is all ours: written and deleted as a whole."""

    snippet: str

    def is_present(self, data: bytes) -> bool:
        is_own_json = data.startswith(b"{") and calls_mem(data.decode("utf-8", "replace"))  # JSON has no comments
        return MARK in data or is_own_json

    def is_current(self, data: bytes) -> bool:
        return data == self.snippet.encode()

    def insert(self, before: bytes | None) -> Inserted:
        if before is not None:
            raise CannotEdit("a file of this name exists that 'mem' did not write")
        return Inserted(self.snippet.encode())

    def remove(self, _data: bytes, _origins: Origins) -> bytes | None:
        return None


def own_table(entries: Sequence[HookEntry], members: Mapping[str, object]) -> OwnFile:
    """A JSON file of our own with a `hooks` table."""
    return OwnFile(_document(entries, members))


@dataclass(frozen=True)
class BlockEdit:
    """A marked block. `place(text, block)` puts it in a text, a new file starts with `opening`; `problem(text)` is why
    a text cannot get one, empty if it can."""

    snippet: str
    place: Callable[[bytes, bytes], bytes]
    opening: bytes = b""
    problem: Callable[[bytes], str] = lambda _: ""

    def is_present(self, data: bytes) -> bool:
        if has_lone_mark(data):
            raise CannotEdit("one of the lines 'mem:begin' and 'mem:end' around the hook is missing")
        return has_block(data)

    def is_current(self, data: bytes) -> bool:
        return find_block(data).split() == self.snippet.encode().split()

    def insert(self, before: bytes | None) -> Inserted:
        if before is not None and (problem := self.problem(before)):
            raise CannotEdit(problem)
        data = self.place(self.opening if before is None else before, self.snippet.encode())
        is_bare = before is not None and before in (b"", self.opening)
        return Inserted(data, {"": before.decode()} if is_bare and before is not None else {})

    def remove(self, data: bytes, origins: Origins) -> bytes | None:
        left = remove_blocks(data)
        if left not in (b"", self.opening):
            return left
        origin = origins.get("")  # whether there was a file with just this before
        return None if origin is None else origin.encode()
