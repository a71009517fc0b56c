"""The oplog: one JSON line per carried-out operation, what `mem undo` and `mem op log` stand on.

Contract: append-only and durable; a torn last line (a crash while writing) is skipped, never an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from memcli.git.objects import Move
from memcli.system.durable_files import append_lines
from memcli.system.file_modes import file_mode

BLOCK = 1 << 16
"""Bytes read first from the end; each further block is twice as large, so that one long line is not copied often."""


@dataclass(frozen=True)
class Change:
    """One file an operation changed: its blob before and after; None where there was none."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Operation:
    """A carried-out operation. `alone`: no other operation shares its commit; `once`: the key of a harmless retry."""

    op: str
    verb: str
    session: str
    actor: str
    agent: str | None
    at: str
    summary: str
    moves: tuple[Move, ...]
    changes: tuple[Change, ...] = ()
    alone: bool = True
    cancels: tuple[str, ...] = field(default=())
    once: str = ""


def parse_operation(fields: dict[str, Any]) -> Operation:
    """The operation in a decoded JSON object. Raises KeyError or TypeError for anything else."""
    moves = tuple(Move(**move) for move in fields["moves"])
    changes = tuple(Change(**change) for change in fields["changes"])
    return Operation(**{**fields, "moves": moves, "changes": changes, "cancels": tuple(fields["cancels"])})


def _parse_line(line: str) -> Operation | None:
    try:
        return parse_operation(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


class Oplog:
    """The operations of one repository, oldest first in the file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def append(self, operations: Iterable[Operation]) -> None:
        lines = "".join(json.dumps(asdict(operation), ensure_ascii=False) + "\n" for operation in operations)
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, file_mode())
        try:
            append_lines(handle, lines)
        finally:
            os.close(handle)

    def newest_first(self) -> Iterator[Operation]:
        for line in _lines_from_the_end(self.file):
            if operation := _parse_line(line.decode("utf-8", errors="replace")):
                yield operation

    def find(self, op: str) -> Operation | None:
        """The operation of that id, looked for from the end."""
        return next((operation for operation in self._naming(op) if operation.op == op), None)

    def find_once(self, key: str) -> Operation | None:
        """The operation carried out under a key of `--once`."""
        return next((operation for operation in self._naming(key) if operation.once == key), None)

    def undone_change(self, op: str, path: str) -> Change | None:
        """What an operation that was undone changed in a file, from before all those that were undone with it; None
        where it was not undone, or did not change the file."""
        if not any(op in operation.cancels for operation in self._naming(op)):
            return None
        cancelled, undone = set[str](), list[Change]()
        for operation in self.newest_first():
            cancelled.update(operation.cancels)
            changes = (
                [change for change in operation.changes if change.path == path] if operation.verb != "undo" else []
            )
            if operation.op in cancelled and (operation.op == op or undone):
                undone += [change for change in changes if not undone or change.after == undone[-1].before]
            elif undone and changes:
                break
        return Change(path, undone[-1].before, undone[0].after) if undone else None

    def _naming(self, text: str) -> Iterator[Operation]:
        """The operations in whose lines a text stands as a value, newest first; only those lines are decoded."""
        value = json.dumps(text, ensure_ascii=False).encode()
        lines = (line.decode("utf-8", "replace") for line in _lines_from_the_end(self.file) if value in line)
        yield from filter(None, map(_parse_line, lines))


def _lines_from_the_end(file: Path) -> Iterator[bytes]:
    """The lines of a file, the last one first; what is asked for is read, not the whole of it."""
    try:
        stream = file.open("rb")
    except FileNotFoundError:
        return
    with stream:
        place, block, rest = stream.seek(0, os.SEEK_END), BLOCK, b""
        while place:
            start = max(0, place - block)
            stream.seek(start)
            rest, *lines = (stream.read(place - start) + rest).split(b"\n")
            yield from reversed(lines)
            place, block = start, block * 2
        yield rest
