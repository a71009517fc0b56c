"""The one way to the store's refs: hold the lock, finish what a kill has left, carry out what waits, then commit.

A verb builds its commits in memory, which moves nothing, and hands one `Operation` with its moves and changes to
`Transaction.commit`. Whatever fails before that leaves the repository as it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.branch import ENDED, main_ref, store_to_read
from memcli.errors import Busy, Failure, MemError
from memcli.git.layout import INTENT, Layout
from memcli.operations.writing.interrupted_operation import tell_entry_fate, tell_operation_fate
from memcli.state.lock import hold
from memcli.system.interruption import deferred
from memcli.verified_tip import note_tip
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.git.objects import Move
    from memcli.state.journal import JournalEntry
    from memcli.state.oplog import Operation
    from memcli.state.publication import Publication

PATIENCE = 1.0
"""Seconds that a command which only wants to see what waits spends on the lock."""


class Transaction:
    """The repository's memory while this process alone may write it."""

    def __init__(self, workspace: Workspace) -> None:
        """With the lock held: finish what a kill has left half done. Raises Conflict, Failure, OSError."""
        self._workspace, self._rescue_names = workspace, list[str]()
        with deferred():
            workspace.publisher.recover(workspace.person)

    def drain(self, *sessions: str) -> None:
        """Carry out what waits in the journal; with `sessions`, what waits for others may go on waiting.

        Raises what hindered it.
        """
        from memcli.operations.writing.drain import drain

        try:
            drain(self._workspace, self.publish)
        except (MemError, OSError):
            journal = self._workspace.journal
            is_needed = not sessions or any(journal.entries(session) for session in sessions)
            if is_needed or self._workspace.publisher.is_unfinished:
                raise

    def record(self, entry: JournalEntry) -> None:
        """Carry out an entry now or not at all: a decision is never queued. Raises what hindered it."""
        tell_entry_fate(self._workspace.journal, self._workspace.oplog, entry)
        try:
            self._workspace.journal.append(entry)
            self.drain(entry.session)
        except BaseException:
            if not self._workspace.publisher.is_unfinished:
                self._workspace.journal.withdraw(entry.op)
            raise

    def commit(self, operation: Operation) -> None:
        """Move the operation's refs and log it. Raises Conflict, Failure, OSError, and nothing has happened."""
        from memcli.state.publication import Publication

        tell_operation_fate(self._workspace.journal, self._workspace.oplog, operation)
        self.publish(Publication(f"mem {operation.verb}", operation.moves, (operation,)))

    def publish(self, publication: Publication) -> None:
        """Make a publication true, and let the caller's session and the index follow. Raises as `commit` does."""
        with deferred():
            self._workspace.publisher.publish(publication, self._workspace.person)
            self._note_tip(publication.moves)
        self._forget_ended(publication.moves)
        self._update_index(publication.moves)

    def rescue(self, commit: str) -> Move:
        """The move that keeps a commit reachable which a forced move would lose."""
        from memcli.git import refs
        from memcli.git.objects import Move

        if not self._rescue_names:
            self._rescue_names += refs.listed(self._workspace.odb, refs.RESCUE)
        self._rescue_names.append(refs.rescue_name(self._workspace.now, self._rescue_names))
        return Move(self._rescue_names[-1], None, commit)

    def _forget_ended(self, moves: tuple[Move, ...]) -> None:
        """A session that has ended is nobody's current one."""
        for move in moves:
            if move.ref.startswith(ENDED) and move.new:
                self._workspace.selection.forget(move.ref.removeprefix(ENDED))

    def _note_tip(self, moves: tuple[Move, ...]) -> None:
        """What this process has built the store's branch on was looked at before."""
        main = main_ref(self._workspace.layout)
        for move in moves:
            if move.ref == main and move.new:
                note_tip(self._workspace.layout, main, move.new)

    def _update_index(self, moves: tuple[Move, ...]) -> None:
        """So that the next recall need not; it may just as well be late."""
        main = main_ref(self._workspace.layout)
        if any(move.ref == main and move.old for move in moves):
            from memcli.operations.views.reader import Reader

            Reader(self._workspace).catch_up_early()


def refuse_unwritable(layout: Layout) -> None:
    """Raise Failure where nothing can be written into the repository's `.git`."""
    own = Path(layout.mem_dir)
    directory = own if own.exists() else own.parent
    if not os.access(directory, os.W_OK):
        problem = f"this repository's .git cannot be written here ({directory}); nothing was changed"
        raise Failure(problem, "run the command where it can be written, for example outside of the sandbox")


@contextmanager
def locked(workspace: Workspace) -> Iterator[Transaction]:
    """A transaction before anything was drained. Raises Busy where another process holds the lock too long, Failure
    where `.git` cannot be written."""
    timeout = workspace.config.lock_timeout
    refuse_unwritable(workspace.layout)
    with hold(Path(workspace.layout.mem_dir, "lock"), timeout) as held:
        if not held:
            raise Busy(
                f"another mem process has held the lock for {timeout:g} s",
                "nothing was changed; retry, or set MEM_LOCK_TIMEOUT to wait for more seconds",
            )
        yield Transaction(workspace)


@contextmanager
def write_transaction(workspace: Workspace, *sessions: str) -> Iterator[Transaction]:
    """A transaction for verbs that are never queued, with all that waited (for some sessions) carried out.

    Raises Busy, NoStore, StoreDamaged, and what hindered the draining.
    """
    store_to_read(workspace.layout)
    with locked(workspace) as tx:
        tx.drain(*sessions)
        yield tx


def try_drain(
    workspace: Workspace, session: str | None, patience: float, give_up: Callable[[], bool] = lambda: False
) -> bool:
    """Carry out what waits if the lock can be had within `patience` seconds; whether it could.

    Raises what hindered the draining.
    """
    with hold(Path(workspace.layout.mem_dir, "lock"), patience, give_up) as held:
        if held:
            Transaction(workspace).drain(*filter(None, [session]))
        return held


def drain_before_reading(workspace: Workspace) -> None:
    """Carry out what waits, and finish what a kill has left, if the lock is free soon; a page of what is committed is
    better than none. Raises NoStore."""
    store_to_read(workspace.layout)
    try:
        if workspace.journal.files() or Path(workspace.layout.mem_dir, INTENT).exists():
            try_drain(workspace, None, PATIENCE)
    except (MemError, OSError):
        return
