"""Making built commits the truth: copies, intent, refs, oplog, in this order.

Contract: a process killed anywhere in between leaves an intent that the next holder of the lock completes or drops
(`recover`): no operation is applied twice, none is half applied, none is missing from the oplog. Nothing else moves
refs, but for `mem uninstall`, which removes them. Call it with the lock held.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from memcli.errors import Failure, MemError
from memcli.git import ref_locks, refs
from memcli.git.layout import INTENT, Layout
from memcli.git.objects import Move, Person
from memcli.git.odb import Odb
from memcli.state.journal import Journal
from memcli.state.oplog import Operation, Oplog, parse_operation

_ATTEMPTS = 5
"""How often refs are moved beside a gc that takes their objects: each gc that runs may take some."""


@dataclass(frozen=True)
class Publication:
    """What becomes true as one: refs that move, operations to log, journal entries (their operations' ids, since a
    repository may move) that are carried out with them; `reason` is for the reflog."""

    reason: str
    moves: tuple[Move, ...]
    operations: tuple[Operation, ...] = ()
    entries: tuple[str, ...] = ()

    @property
    def tips(self) -> list[str]:
        """The commits that refs will point to."""
        return [move.new for move in self.moves if move.new]

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def parse_publication(text: str) -> Publication:
    """The publication in an intent. Raises ValueError, KeyError or TypeError for anything else."""
    fields = json.loads(text)
    return Publication(
        str(fields["reason"]),
        tuple(Move(**move) for move in fields["moves"]),
        tuple(parse_operation(operation) for operation in fields["operations"]),
        tuple(map(str, fields["entries"])),
    )


class Publisher:
    """Publishes operations of one repository."""

    def __init__(self, layout: Layout, odb: Odb, journal: Journal, oplog: Oplog) -> None:
        self._odb, self._journal, self._oplog = odb, journal, oplog
        self._common, self._intent = odb.common, Path(layout.mem_dir, INTENT)

    @property
    def is_unfinished(self) -> bool:
        """Whether a publication is half done and could not be completed."""
        return self._intent.exists()

    def publish(self, publication: Publication, by: Person) -> None:
        """Move the refs and log the operations.

        Raises Conflict, Failure, OSError, and nothing has happened. What cannot be logged any more once the refs have
        moved (a full disk) is done all the same: the next holder concludes it.
        """
        if self.is_unfinished:
            raise Failure("a previous operation is not yet logged", "free disk space and retry")
        self._odb.pending.keep(publication.tips)
        self._intent.write_text(publication.to_json(), encoding="ascii")
        try:
            self._move(publication, by)
        except (MemError, OSError):
            if not self._has_begun(publication):
                self._intent.unlink()
            raise
        with suppress(Failure, OSError):
            self._odb.pending.heal_kept()
        with suppress(OSError):
            self._conclude(publication, by.at)

    def _move(self, publication: Publication, by: Person) -> None:
        """Move the refs; again where a gc has taken what they are to reach, which git looks for first."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return refs.move(self._odb, publication.moves, publication.reason, by)
            except Failure:
                if not self._odb.pending.heal():
                    raise
        return refs.move(self._odb, publication.moves, publication.reason, by)

    def _has_begun(self, publication: Publication) -> bool:
        return any(move.old != move.new == refs.target(self._odb, move.ref) for move in publication.moves)

    def _conclude(self, publication: Publication, at: datetime) -> None:
        self._oplog.append(publication.operations)
        self._journal.finish(self._journal.waiting(publication.entries), at)
        self._intent.unlink(missing_ok=True)

    def recover(self, by: Person) -> None:
        """Complete or drop what a killed process has left half done, and write again what a gc has taken."""
        self._odb.pending.heal()
        publication = self._left_behind()
        if publication is not None:
            ref_locks.release(self._common, publication.moves, self._intent.stat().st_mtime)
            self._intent.touch()  # the locks taken now are told by this time, should this process be killed too
            self._complete(publication, by)

    def _left_behind(self) -> Publication | None:
        try:
            return parse_publication(self._intent.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            self._intent.unlink()  # torn while it was written: no ref has moved yet
            return None

    def _complete(self, publication: Publication, by: Person) -> None:
        """Go on where at least one ref has moved. One that moved back has its goal behind it: look at that last."""
        now = {move.ref: refs.target(self._odb, move.ref) for move in publication.moves}
        waiting = [move for move in publication.moves if now[move.ref] == move.old and move.old != move.new]
        arrived = [move for move in publication.moves if move not in waiting]
        begun = any(move.old != move.new for move in arrived) or not waiting
        if begun and all(self._holds(now[move.ref], move.new) for move in arrived):
            refs.move(self._odb, waiting, publication.reason, by)
            logged = {operation.op for operation in islice(self._oplog.newest_first(), len(publication.operations))}
            missing = tuple(operation for operation in publication.operations if operation.op not in logged)
            self._conclude(replace(publication, operations=missing), by.at)
        else:
            self._intent.unlink()

    def _holds(self, now: str | None, new: str | None) -> bool:
        """Whether a ref is where an operation put it, or somebody has built on that since."""
        if now is None or new is None:
            return now == new
        return now == new or (self._odb.has(new) and self._odb.is_ancestor(new, now))
