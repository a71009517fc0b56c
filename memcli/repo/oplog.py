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


@dataclass(frozen=True)
class Move:
    """One ref moved from one commit to another; None where it did not exist before or after."""

    ref: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Change:
    """One file an operation changed: its blob before and after; None where there was none."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Operation:
    """A carried-out operation. `alone`: no other operation shares its commit."""

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


def parse_operation(said: dict[str, Any]) -> Operation:
    """The operation in a decoded JSON object. Raises KeyError or TypeError for anything else."""
    moves = tuple(Move(**move) for move in said["moves"])
    changes = tuple(Change(**change) for change in said["changes"])
    return Operation(**{**said, "moves": moves, "changes": changes, "cancels": tuple(said["cancels"])})


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
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            os.write(handle, ("\n" + lines if torn else lines).encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def newest_first(self) -> Iterator[Operation]:
        if not self.file.exists():
            return
        for line in reversed(self.file.read_text(encoding="utf-8", errors="replace").splitlines()):
            if operation := _parse_line(line):
                yield operation

    def find(self, op: str) -> Operation | None:
        """The operation of that id, looked for from the end."""
        return next((operation for operation in self.newest_first() if operation.op == op), None)
