"""Making built commits the truth: intent, refs, verification, oplog, in this order.

Contract: a process killed anywhere in between leaves an intent that the next holder of the lock completes or
drops (`recover`): no operation is applied twice, none is half applied, none is missing from the oplog.
Call it with the lock held.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from memcli.errors import Conflict
from memcli.repo import refs
from memcli.repo.journal import Journal
from memcli.repo.layout import Layout
from memcli.repo.odb import Odb, Person
from memcli.repo.oplog import Move, Operation, Oplog, parse_operation


class Publisher:
    """Publishes operations of one repository."""

    def __init__(self, layout: Layout, odb: Odb, journal: Journal, oplog: Oplog) -> None:
        self.odb, self.journal, self.oplog = odb, journal, oplog
        self._intent = layout.mem_dir / "intent"

    def publish(
        self, moves: Sequence[Move], operations: Sequence[Operation], files: Sequence[Path], by: Person
    ) -> None:
        """Move the refs and record the operations; `files` are the journal entries that are done with it."""
        said = {"moves": [asdict(move) for move in moves], "operations": [asdict(one) for one in operations],
                "files": [str(file) for file in files]}  # fmt: skip
        self._intent.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        try:
            refs.move(self.odb, moves, _reason(operations), by)
        except Conflict:
            self._intent.unlink()
            raise
        self._conclude(operations, files, by.at)

    def _conclude(self, operations: Sequence[Operation], files: Sequence[Path], at: datetime) -> None:
        self.odb.settle()
        self.oplog.append(operations)
        self.journal.finish([file for file in files if file.exists()], at)
        self._intent.unlink(missing_ok=True)

    def recover(self, by: Person) -> None:
        """Complete or drop what a killed process has left half done."""
        try:
            said = json.loads(self._intent.read_text(encoding="utf-8"))
            moves = [Move(**move) for move in said["moves"]]
            operations = [parse_operation(one) for one in said["operations"]]
            files = [Path(file) for file in said["files"]]
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError):
            self._intent.unlink()  # torn while it was written: no ref has moved yet
            return
        self._complete(moves, operations, files, by)

    def _complete(self, moves: list[Move], operations: list[Operation], files: list[Path], by: Person) -> None:
        now = {move.ref: refs.target(self.odb, move.ref) for move in moves}
        arrived = [move for move in moves if self._holds(now[move.ref], move.new)]
        waiting = [move for move in moves if now[move.ref] == move.old and move.old != move.new]
        if arrived and len(arrived) + len(waiting) == len(moves):
            refs.move(self.odb, waiting, _reason(operations), by)
            logged = {one.op for one, _ in zip(self.oplog.newest_first(), range(200), strict=False)}
            self._conclude([one for one in operations if one.op not in logged], files, by.at)
        else:
            self._intent.unlink()

    def _holds(self, now: str | None, new: str | None) -> bool:
        """Whether a ref is where an operation put it, or somebody has built on that since."""
        if now is None or new is None:
            return now == new
        return now == new or (self.odb.has(new) and self.odb.is_ancestor(new, now))


def _reason(operations: Sequence[Operation]) -> str:
    """The reflog's words."""
    return f"mem {operations[0].verb}" if operations else "mem"
