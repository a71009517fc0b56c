"""Entries as commits of their session: runs of edits share one; a start, an update or a closing is an empty one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from memcli.branch import ENDED, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.entry_verbs import ADD, BRANCH, END, MARKS, READ, RECORDS, SILENT
from memcli.core.session.names import is_standing_name, successor_name
from memcli.core.session.state import CLOSED, OPEN, REJECTED, Session, parse_branch_merge
from memcli.errors import Conflict
from memcli.git.objects import Move
from memcli.operations.writing.session_builder import CommitSources, SessionBuilder
from memcli.selection import Selection
from memcli.sessions import Sessions
from memcli.state.journal import Journal, JournalEntry
from memcli.state.oplog import Change, Operation

_AFTER_CLOSE = (*SILENT, "reopen")
"""The verbs of entries that a session still takes after it was closed, while it waits for review."""
WaitingEntry = tuple[Path, JournalEntry]


class SessionCommits:
    """Turns waiting entries into commits; an entry that cannot be merged is set aside in the journal."""

    def __init__(self, sources: CommitSources, sessions: Sessions, selection: Selection, journal: Journal) -> None:
        self._sources, self._sessions, self._selection, self._journal = sources, sessions, selection, journal

    def open(self, name: str, entries: Sequence[JournalEntry]) -> SessionBuilder | None:
        """The session to build on; one that has ended (or was closed) goes on as `<name>-2`, a new one begins here.

        None where there is none, and nothing in `entries` begins one. Raises Conflict, NoStore.
        """
        for candidate in (name, *(successor_name(name, number) for number in range(2, 1000))):
            if self._selection.is_open(candidate):
                session = self._sessions.load(candidate)
                if session.state == OPEN or all(entry.verb in _AFTER_CLOSE for entry in entries):
                    return SessionBuilder(self._sources, session, session.tip)
            elif not self._selection.has_ended(candidate):
                begins = any(entry.edits or entry.verb == "start" for entry in entries)
                return self._begin(candidate, entries[0]) if begins else None
        raise Conflict(f"no free session name after {name}-999", "start a session under another name")

    def _begin(self, name: str, entry: JournalEntry) -> SessionBuilder:
        base, store = self._sources.main_tip(), self._sources.store
        standing = _begins_standing(name, entry)
        pairs = [
            (trailers.START, entry.at),
            *session_trailers(name, entry.agent, base),
            (trailers.STANDING, entry.actor if standing else ""),
            (trailers.CODE_BRANCH, "" if standing else entry.note.get("code_branch", "")),
            (trailers.HARNESS_ID, entry.note.get("harness_id", "")),
        ]
        message = commit_message(f"session: {name}", entry.note.get("task", ""), pairs)
        tip = store.odb.write_commit(store.tree_of(base), [base], message, self._sources.person)
        session = Session(name, base, tip, agent=entry.agent, standing=entry.actor if standing else "")
        return SessionBuilder(self._sources, session, None)

    def add_edits(self, builder: SessionBuilder, batch: Sequence[WaitingEntry]) -> None:
        """One commit for a run of edits."""
        before, applied = builder.session.tip, list[tuple[JournalEntry, tuple[Change, ...]]]()
        for file, entry in batch:
            try:
                changes = builder.apply(entry)
                if changes or entry.verb != ADD:  # an add without changes repeats what is there: it made nothing
                    applied.append((entry, changes))
            except Conflict as error:
                self._journal.set_aside(file, error.message)
        entries = [entry for entry, _ in applied]
        if builder.is_changed:
            builder.add_commit(entries, _subject(entries))
        moves = (Move(SESSIONS + builder.session.name, before, builder.session.tip),)
        for entry, changes in applied:
            if entry.verb not in RECORDS:
                operation = _operation(entry, builder.session.name, moves)
                builder.operations.append(replace(operation, changes=changes, alone=len(applied) == 1))

    def add_decision(self, builder: SessionBuilder, file: Path, entry: JournalEntry) -> None:
        """An empty commit for a start, an update, a closing, or a step of a session's end."""
        before = None if entry.verb == "start" and builder.old_tip is None else builder.session.tip
        if entry.verb == BRANCH:
            _note_branch(builder, entry)
        elif entry.verb in MARKS:
            _mark(builder, entry)
        elif before is None or self._decide(builder, file, entry):
            moves = (Move(SESSIONS + builder.session.name, before, builder.session.tip),)
            builder.operations.append(_operation(entry, builder.session.name, moves))

    def _decide(self, builder: SessionBuilder, file: Path, entry: JournalEntry) -> bool:
        """Commit the decision; whether it could be carried out."""
        if entry.verb != "update":
            builder.add_commit([entry], f"{entry.verb}: {entry.note.get('summary', '')}", entry.note.get("task", ""))
            return True
        try:
            builder.update()
            return True
        except Conflict as error:
            self._journal.set_aside(file, error.message)
            return False

    def _proposes(self, session: Session) -> bool:
        """Whether anything is left in a session, commits that are not published yet included."""
        current = self._sessions.at(session.name, session.tip)
        return current is not None and bool(self._sessions.candidates(current))

    def moves(self, builder: SessionBuilder) -> tuple[Move, ...]:
        """The refs to move; a session that was closed or rejected with nothing to propose has ended."""
        session, ref = builder.session, SESSIONS + builder.session.name
        if session.state not in (CLOSED, REJECTED) or self._proposes(session):
            return (Move(ref, builder.old_tip, session.tip),)
        ended = Move(ENDED + session.name, None, session.tip)
        if builder.operations:  # the last one ended it, and its undo opens it again
            last = builder.operations[-1]
            builder.operations[-1] = replace(last, moves=(Move(ref, last.moves[0].old, None), ended))
        return (Move(ref, builder.old_tip, None), ended) if builder.old_tip else (ended,)


def _begins_standing(name: str, entry: JournalEntry) -> bool:
    """Whether an entry begins a person's standing draft session: nobody has started it, and it has their name."""
    return entry.agent is None and entry.verb != "start" and is_standing_name(name, entry.actor)


def _subject(entries: Sequence[JournalEntry]) -> str:
    written = [entry for entry in entries if entry.verb not in RECORDS]
    if len(written) == 1:
        return f"{written[0].verb}: {written[0].note.get('summary', '')}"
    if written:
        return f"{len(written)} operations"
    return "reads" if all(entry.verb == READ for entry in entries) else "code commits"


def _note_branch(builder: SessionBuilder, entry: JournalEntry) -> None:
    """Say once where the session's code branch has gone."""
    merged = parse_branch_merge(entry.note.get(trailers.BRANCH_MERGED, ""))
    if merged and merged != builder.session.merged:
        note = {trailers.BRANCH_MERGED: entry.note[trailers.BRANCH_MERGED]}
        builder.add_commit([replace(entry, note=note)], f"branch: merged into {merged.into}")
        builder.session = replace(builder.session, merged=merged)


def _mark(builder: SessionBuilder, entry: JournalEntry) -> None:
    """A commit that says how far the ending of a session has come; nothing that anybody could want to undo."""
    note = {trailers.ENDED: entry.at, **entry.note} if entry.verb == END else entry.note
    subject = " ".join(filter(None, (entry.verb, entry.note.get("summary", ""))))
    builder.add_commit([replace(entry, note=note)], subject)


def _operation(entry: JournalEntry, session: str, moves: tuple[Move, ...]) -> Operation:
    """An operation alone in its commit, without changes of files."""
    return Operation(
        entry.op,
        entry.verb,
        session,
        entry.actor,
        entry.agent,
        entry.at,
        entry.note.get("summary", ""),
        moves,
        cancels=tuple(entry.note.get("cancels", "").split()),
        once=entry.note.get("once", ""),
    )
