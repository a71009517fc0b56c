"""The kinds of text that entries of ours go into, each with the way in and the way out.

Invariant: for every edit, `taken(added(before))` is `before`. Nothing here reads or writes a file that is the user's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from memcli.agents.ownership import calls_mem
from memcli.core.text import marked_block as text_block
from memcli.core.text.hooks_json import Entry, Unfit, handlers, ours, with_entries, without
from memcli.core.text.json_edits import NotJson, read

Origins = Mapping[str, str | None]
WRITTEN = b"Written by 'mem hooks install"
"""In the head of a file that is all ours."""


@dataclass(frozen=True)
class Added:
    """A text with our entries, and what stood where they went."""

    data: bytes
    origins: Origins = field(default_factory=dict)


class Edit(Protocol):
    """One kind of change to one file; `snippet` is what a person would put in by hand."""

    @property
    def snippet(self) -> str: ...
    def holds(self, data: bytes) -> bool:
        """Whether anything of ours is in it. Raises Unfit where that cannot be told."""
        ...

    def is_current(self, data: bytes) -> bool:
        """Whether just what would be put in is in it. Raises Unfit."""
        ...

    def added(self, before: bytes | None) -> Added:
        """The text with our entries; None: there was no file. Raises Unfit."""
        ...

    def taken(self, data: bytes, origins: Origins) -> bytes | None:
        """The text without them; None where nothing is left that was not ours. Raises Unfit."""
        ...


@dataclass(frozen=True)
class Table:
    """Handlers in the `hooks` table of a JSON file that is also the user's."""

    entries: Sequence[Entry]
    members: Mapping[str, object]

    @property
    def snippet(self) -> str:
        return _document(self.entries, self.members)

    def holds(self, data: bytes) -> bool:
        try:
            return bool(ours(_text(data), calls_mem))
        except Unfit:
            if calls_mem(data.decode("utf-8", "replace")):
                raise
            return False

    def is_current(self, data: bytes) -> bool:
        found = [json.dumps(one, sort_keys=True) for one in ours(_text(data), calls_mem)] if data.strip() else []
        wanted = [json.dumps(one, sort_keys=True) for one in handlers(self.entries)]
        return sorted(found) == sorted(wanted)

    def added(self, before: bytes | None) -> Added:
        text = _text(before) if before and before.strip() else "{}\n"
        placed = with_entries(text, self.entries, self.members)
        return Added(placed.text.encode(), placed.origins)

    def taken(self, data: bytes, origins: Origins) -> bytes | None:
        return without(_text(data), calls_mem, origins).encode()


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
        read(text)
    except UnicodeDecodeError as error:
        raise Unfit(f"it is not UTF-8 ({error.reason})") from error
    except NotJson as error:
        raise Unfit(f"it is no strict JSON, {error}") from error
    return text


def _document(entries: Sequence[Entry], members: Mapping[str, object]) -> str:
    table: dict[str, list[object]] = {}
    for event, entry in entries:
        table.setdefault(event, []).append(entry)
    return json.dumps({**members, "hooks": table}, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Own:
    """A file that is all ours: written whole, deleted whole."""

    snippet: str

    def holds(self, data: bytes) -> bool:
        json_of_ours = data.startswith(b"{") and calls_mem(data.decode("utf-8", "replace"))  # JSON has no comments
        return WRITTEN in data or json_of_ours

    def is_current(self, data: bytes) -> bool:
        return data == self.snippet.encode()

    def added(self, before: bytes | None) -> Added:
        if before is not None:
            raise Unfit("a file of that name is there that 'mem' has not written")
        return Added(self.snippet.encode())

    def taken(self, _data: bytes, _origins: Origins) -> bytes | None:
        return None


def own_table(entries: Sequence[Entry], members: Mapping[str, object]) -> Own:
    """A JSON file of our own with a hooks table."""
    return Own(_document(entries, members))


@dataclass(frozen=True)
class Block:
    """A marked block; `put` says where in a text it goes, `opening` is what a new file has before it."""

    snippet: str
    put: Callable[[bytes, bytes], bytes]
    opening: bytes = b""
    refuses: Callable[[bytes], str] = lambda _: ""

    def holds(self, data: bytes) -> bool:
        return text_block.holds(data)

    def is_current(self, data: bytes) -> bool:
        return text_block.block_in(data).split() == self.snippet.encode().split()

    def added(self, before: bytes | None) -> Added:
        if before is not None and (why := self.refuses(before)):
            raise Unfit(why)
        data = self.put(self.opening if before is None else before, self.snippet.encode())
        return Added(data, {"": before.decode()} if before is not None and before in (b"", self.opening) else {})

    def taken(self, data: bytes, origins: Origins) -> bytes | None:
        left = text_block.without(data)
        if left not in (b"", self.opening):
            return left
        was = origins.get("")  # nothing but what we had opened the file with, unless it was there before
        return None if was is None else was.encode()
