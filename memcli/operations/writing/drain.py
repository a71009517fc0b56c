"""Drain the journal: every waiting operation becomes part of its session's commits.

One commit per session and run of edits, with a `Mem-Op` trailer per operation; starts, updates and closings
are empty commits. Call it with the lock held. An entry that can never apply is set aside and blocks nothing; one
whose `--once` key is carried out already is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from memcli.branch import store_to_write
from memcli.core.session import trailers
from memcli.core.session.entry_verbs import RECORDS
from memcli.errors import MemError
from memcli.operations.writing.entry_check import entry_problem, spooled_entry_problem
from memcli.operations.writing.requested_saves import RequestedSaves
from memcli.operations.writing.session_builder import CommitSources
from memcli.operations.writing.session_commits import SessionCommits, WaitingEntry
from memcli.state.journal import Journal, JournalEntry
from memcli.state.oplog import Oplog
from memcli.state.publication import Publication
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes

Publish = Callable[[Publication], None]


def drain(workspace: Workspace, publish: Publish) -> None:
    """Carry out all that waits. Raises Conflict where a ref was moved by others, and what else hindered it."""
    journal, person = workspace.journal, workspace.person
    saves = RequestedSaves(workspace)
    saves.write_entries()
    acceptable = [
        item for item in acceptable_entries(journal, lambda: workspace.excludes) if item[0] not in saves.delayed
    ]
    sources = CommitSources(
        workspace.store, person, lambda: store_to_write(workspace.layout)[1], lambda: workspace.excludes
    )
    commits = SessionCommits(sources, workspace.sessions, workspace.selection, journal)
    Drain(journal, workspace.oplog, commits, publish, person.at).run(acceptable)
    saves.update_worktrees()


def acceptable_entries(journal: Journal, excludes: Callable[[], Excludes | None]) -> Iterator[WaitingEntry]:
    """The entries that can be carried out. Those that never can be are set aside; one that cannot be read now waits."""
    for file, entry in journal.pending():
        if isinstance(entry, OSError):
            continue
        problem = entry_problem(entry, file.name)
        if not problem and isinstance(entry, JournalEntry) and file.parent != journal.home:
            problem = spooled_entry_problem(entry, excludes())
        if not problem and isinstance(entry, JournalEntry):
            yield file, entry
            continue
        with suppress(OSError):  # then it waits
            journal.set_aside(file, problem)


class Drain:
    """Publishes entries as commits, session by session."""

    def __init__(self, journal: Journal, oplog: Oplog, commits: SessionCommits, publish: Publish, at: datetime) -> None:
        self._journal, self._oplog, self._commits = journal, oplog, commits
        self._publish, self._at = publish, at

    def run(self, entries: Iterable[WaitingEntry]) -> None:
        """Publish the entries of every session; where one fails its entries wait, and the others go on.

        Raises what failed first.
        """
        new, repeated = self._parted(entries)
        problems = list[MemError | OSError]()
        for name, waiting in new.items():
            try:
                for part in _parts(waiting):
                    self._carry_out(name, part)
            except (MemError, OSError) as error:
                problems.append(error)
        if problems:
            raise problems[0]
        done = [file for file, entry in repeated if self._oplog.find_once(entry.note["once"])]
        if done:
            self._journal.finish(done, self._at)

    def _parted(self, entries: Iterable[WaitingEntry]) -> tuple[Mapping[str, list[WaitingEntry]], list[WaitingEntry]]:
        """({session: its entries}, entries whose `--once` key was carried out or stands in an earlier entry)."""
        new, repeated, keys = dict[str, list[WaitingEntry]](), list[WaitingEntry](), set[str]()
        for file, entry in entries:
            key = entry.note.get("once", "")
            if key and (key in keys or self._oplog.find_once(key)):
                repeated.append((file, entry))
            else:
                new.setdefault(entry.session, []).append((file, entry))
            keys.add(key)
        return new, repeated

    def _carry_out(self, name: str, waiting: Sequence[WaitingEntry]) -> None:
        """Publish one part of a session's entries."""
        files = [file for file, _ in waiting]
        builder = self._commits.open(name, [entry for _, entry in waiting])
        if builder is None:
            self._journal.finish(files, self._at)  # about a session that is gone: a late read, a second close
            return
        for batch in _batches(waiting):
            if _has_edits(batch[0][1]):
                self._commits.add_edits(builder, batch)
            else:
                self._commits.add_decision(builder, *batch[0])
        if any(file.exists() for file in files):
            moves = self._commits.moves(builder)
            reason = f"mem {builder.operations[0].verb}" if builder.operations else "mem"
            self._publish(Publication(reason, moves, tuple(builder.operations), tuple(file.name for file in files)))


def _parts(waiting: Sequence[WaitingEntry]) -> Iterator[list[WaitingEntry]]:
    """The entries up to each one that changes the session's state: what comes after it must find it changed."""
    part: list[WaitingEntry] = []
    for file, entry in waiting:
        is_alone = trailers.STATE in entry.note
        if is_alone and part:
            yield part
        part = [] if is_alone else [*part, (file, entry)]
        if is_alone:
            yield [(file, entry)]
    if part:
        yield part


def _batches(waiting: Sequence[WaitingEntry]) -> Iterator[list[WaitingEntry]]:
    """Runs of edits share a commit; a decision stands alone."""
    for are_edits, grouped in groupby(waiting, key=lambda item: _has_edits(item[1])):
        run = list(grouped)
        yield from [run] if are_edits else [[item] for item in run]


def _has_edits(entry: JournalEntry) -> bool:
    return bool(entry.edits) or entry.verb in RECORDS
