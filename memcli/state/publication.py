"""Making built commits the truth: copies, intent, refs, verification, oplog, in this order.

Contract: a process killed anywhere in between leaves an intent that the next holder of the lock completes or
drops (`recover`): no operation is applied twice, none is half applied, none is missing from the oplog.
Call it with the lock held.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path

from memcli.errors import Failure, MemError
from memcli.git import refs
from memcli.git.layout import INTENT, Layout
from memcli.git.objects import Move, Person, readable
from memcli.git.odb import Odb
from memcli.git.pending_objects import Fresh
from memcli.git.ref_locks import Held
from memcli.state.journal import Journal
from memcli.state.oplog import Operation, Oplog, parse_operation


class Publisher:
    """Publishes operations of one repository."""

    def __init__(self, layout: Layout, odb: Odb, journal: Journal, oplog: Oplog) -> None:
        self.odb, self.journal, self.oplog = odb, journal, oplog
        self._intent = Path(layout.mem_dir, INTENT)
        self._fresh, self._held = Fresh(odb.common), Held(odb.common)

    @property
    def unfinished(self) -> bool:
        """Whether something is half done and could not be completed."""
        return self._intent.exists()

    def publish(
        self, moves: Sequence[Move], operations: Sequence[Operation], files: Sequence[Path], by: Person
    ) -> None:
        """Move the refs and record the operations; `files` are the journal entries that are done with it.

        Raises Conflict, Failure, OSError, and nothing has happened. What cannot be logged any more once the refs have
        moved (a full disk) is done all the same: the next holder concludes it.
        """
        if self.unfinished:
            raise Failure("an operation before this one could not be logged yet", "make room on the disk, then again")
        self._fresh.keep(self.odb.written.reached(_tips(moves)))
        said = {"moves": [asdict(move) for move in moves], "operations": [asdict(one) for one in operations],
                "files": [str(file) for file in files]}  # fmt: skip
        self._intent.write_text(json.dumps(said), encoding="ascii")  # a path need not be UTF-8
        try:
            refs.move(self.odb, moves, _reason(operations), by)
        except MemError:
            if not self._has_begun(moves):
                self._intent.unlink()
            raise
        with suppress(Failure):
            self.odb.written.settle(_tips(moves))  # what a gc takes again and again comes back with the copies
        with suppress(OSError):
            self._conclude(operations, files, by.at)

    def _has_begun(self, moves: Sequence[Move]) -> bool:
        return any(move.old != move.new == refs.target(self.odb, move.ref) for move in moves)

    def _conclude(self, operations: Sequence[Operation], files: Sequence[Path], at: datetime) -> None:
        self.oplog.append(operations)
        self.journal.finish([file for file in files if file.exists()], at)
        self._intent.unlink(missing_ok=True)

    def recover(self, by: Person) -> None:
        """Complete or drop what a killed process has left half done, and bring back what a gc has taken."""
        with readable():
            self._fresh.heal()
        try:
            begun = self._intent.stat().st_mtime
            said = json.loads(self._intent.read_text(encoding="utf-8"))
            moves = [Move(**move) for move in said["moves"]]
            operations = [parse_operation(one) for one in said["operations"]]
            files = [Path(file) for file in said["files"]]
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError):
            self._intent.unlink()  # torn while it was written: no ref has moved yet
            return
        self._held.sweep()
        self._held.sweep_unnoted([move.ref for move in moves], begun)
        self._complete(moves, operations, files, by)

    def _complete(self, moves: list[Move], operations: list[Operation], files: list[Path], by: Person) -> None:
        """Go on where at least one ref has moved. One that moved back has its goal behind it: look at that last."""
        now = {move.ref: refs.target(self.odb, move.ref) for move in moves}
        waiting = [move for move in moves if now[move.ref] == move.old and move.old != move.new]
        arrived = [move for move in moves if move not in waiting]
        begun = any(move.old != move.new for move in arrived) or not waiting
        if begun and all(self._holds(now[move.ref], move.new) for move in arrived):
            refs.move(self.odb, waiting, _reason(operations), by)
            logged = {one.op for one in islice(self.oplog.newest_first(), len(operations))}
            self._conclude([one for one in operations if one.op not in logged], files, by.at)
        else:
            self._intent.unlink()

    def _holds(self, now: str | None, new: str | None) -> bool:
        """Whether a ref is where an operation put it, or somebody has built on that since."""
        if now is None or new is None:
            return now == new
        return now == new or (self.odb.has(new) and self.odb.is_ancestor(new, now))


def _tips(moves: Sequence[Move]) -> list[str]:
    return [move.new for move in moves if move.new]


def _reason(operations: Sequence[Operation]) -> str:
    """The reflog's words."""
    return f"mem {operations[0].verb}" if operations else "mem"
