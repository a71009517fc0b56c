"""Entries as commits of their session: runs of edits share one, a decision is an empty one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from memcli.branch import ENDED, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.names import successor_name
from memcli.core.session.state import CLOSED, OPEN, REJECTED, Session, parse_branch_merge
from memcli.core.session.verbs import BRANCH, END, MARKS, READ, RECORDS, SILENT
from memcli.errors import Conflict
from memcli.git.objects import Move
from memcli.operations.writing.session_line import Line, apply, bring_in
from memcli.state.journal import Entry
from memcli.state.oplog import Change, Operation
from memcli.workspace import Workspace

_AFTER_CLOSE = (*SILENT, "reject", "reopen")
"""What may still be said of a session that was closed and waits for review."""
Waiting = tuple[Path, Entry]


def open_line(workspace: Workspace, name: str, entries: Sequence[Entry]) -> Line | None:
    """The session to build on; one that has ended (or was closed) goes on as `<name>-2`, a new one begins here.

    None where there is none, and nothing in `entries` begins one.
    """
    for candidate in (name, *(successor_name(name, number) for number in range(2, 1000))):
        if workspace.selection.is_open(candidate):
            session = workspace.sessions.load(candidate)
            if session.state == OPEN or all(entry.verb in _AFTER_CLOSE for entry in entries):
                return Line(session, session.tip, workspace.store.tree_of(session.tip))
        elif not workspace.selection.has_ended(candidate):
            begins = any(entry.edits or entry.verb == "start" for entry in entries)
            return _start(workspace, candidate, entries[0]) if begins else None
    raise Conflict(f"no free session name after {name}-999", "start a session under another name")


def _start(workspace: Workspace, name: str, entry: Entry) -> Line:
    _, base = workspace.main()
    session = Session(name, base, base, agent=entry.agent)
    pairs = [
        (trailers.START, entry.at),
        *session_trailers(session.name, entry.agent or session.agent, session.base),
        (trailers.CODE_BRANCH, entry.note.get("code_branch", "")),
        (trailers.HARNESS_ID, entry.note.get("harness_id", "")),
    ]
    message = commit_message(f"session: {name}", entry.note.get("task", ""), pairs)
    tree = workspace.store.tree_of(base)
    tip = workspace.odb.write_commit(tree, [base], message, workspace.person)
    return Line(replace(session, tip=tip), None, tree)


def commit_edits(workspace: Workspace, line: Line, batch: Sequence[Waiting]) -> None:
    """One commit for a run of edits; one that cannot be merged is set aside."""
    before, carried = line.session.tip, list[tuple[Entry, tuple[Change, ...]]]()
    for file, entry in batch:
        session, tree = line.session, line.tree
        try:
            carried.append((entry, apply(workspace, line, entry)))
        except Conflict as error:
            line.session, line.tree = session, tree
            workspace.journal.set_aside(file, error.message)
    if line.tree != workspace.store.tree_of(line.session.tip):
        _advance(workspace, line, [entry for entry, _ in carried], _subject([entry for entry, _ in carried]), "")
    moves = (Move(SESSIONS + line.session.name, before, line.session.tip),)
    for entry, changes in carried:
        if entry.verb not in RECORDS:
            line.operations.append(_operation(entry, line, moves, changes, alone=len(batch) == 1))


def _subject(entries: Sequence[Entry]) -> str:
    said = [entry for entry in entries if entry.verb not in RECORDS]
    if len(said) == 1:
        return f"{said[0].verb}: {said[0].note.get('summary', '')}"
    if said:
        return f"{len(said)} operations"
    return "reads" if all(entry.verb == READ for entry in entries) else "code commits"


def commit_decision(workspace: Workspace, line: Line, file: Path, entry: Entry) -> None:
    """An empty commit for a start, an update, a rejection, a closing."""
    before = line.session.tip
    if entry.verb == "start" and line.old_tip is None:
        moves = (Move(SESSIONS + line.session.name, None, before),)
        line.operations.append(_operation(entry, line, moves, (), alone=True))
        return
    if entry.verb == BRANCH:
        _note_branch(workspace, line, entry)
        return
    if entry.verb in MARKS:
        _mark(workspace, line, entry)
        return
    if entry.verb == "update":
        try:
            bring_in(workspace, line)
        except Conflict as error:
            workspace.journal.set_aside(file, error.message)
            return
    else:
        _decide(workspace, line, entry)
    moves = (Move(SESSIONS + line.session.name, before, line.session.tip),)
    line.operations.append(_operation(entry, line, moves, (), alone=True))


def _note_branch(workspace: Workspace, line: Line, entry: Entry) -> None:
    """Say once where the session's code branch has gone."""
    merged = parse_branch_merge(entry.note.get(trailers.BRANCH_MERGED, ""))
    if merged and merged != line.session.merged:
        said = replace(entry, note={trailers.BRANCH_MERGED: entry.note[trailers.BRANCH_MERGED]})
        _advance(workspace, line, [said], f"branch: merged into {merged.into}", "")
        line.session = replace(line.session, merged=merged)


def _mark(workspace: Workspace, line: Line, entry: Entry) -> None:
    """A commit that says how far the ending of a session has come; nothing that anybody could want to undo."""
    said = {trailers.ENDED: entry.at, **entry.note} if entry.verb == END else entry.note
    subject = " ".join(filter(None, (entry.verb, entry.note.get("summary", ""))))
    _advance(workspace, line, [replace(entry, note=said)], subject, "")


def _decide(workspace: Workspace, line: Line, entry: Entry) -> None:
    before, subject = line.session, f"{entry.verb}: {entry.note.get('summary', '')}"
    _advance(workspace, line, [entry], subject, entry.note.get("task", ""))
    if line.session.state == REJECTED and _proposes(workspace, line):
        line.session = before  # something came in since the person looked: that still waits for review
        said = {key: text for key, text in entry.note.items() if key != trailers.STATE}
        _advance(workspace, line, [replace(entry, note=said)], subject, "")


def _proposes(workspace: Workspace, line: Line) -> bool:
    """Whether anything is left in the session, decisions that are not published yet included."""
    session = workspace.sessions.at(line.session.name, line.session.tip)
    return session is not None and bool(workspace.sessions.candidates(session))


def _advance(workspace: Workspace, line: Line, batch: Sequence[Entry], subject: str, body: str) -> None:
    agent = next((entry.agent for entry in batch if entry.agent), None)
    pairs = session_trailers(line.session.name, agent or line.session.agent, line.session.base)
    for entry in batch:
        said = [
            (key, value) for key, text in entry.note.items() if key.startswith("Mem-") for value in text.split("\n")
        ]
        pairs += [*said, *([(trailers.OP, entry.op)] if entry.verb not in SILENT else [])]
    message = commit_message(subject, body, pairs)
    tip = workspace.odb.write_commit(line.tree, [line.session.tip], message, workspace.person)
    state = next((entry.note[trailers.STATE] for entry in batch if trailers.STATE in entry.note), line.session.state)
    line.session = replace(line.session, tip=tip, state=state, agent=line.session.agent or agent)


def _operation(
    entry: Entry, line: Line, moves: tuple[Move, ...], changes: tuple[Change, ...], alone: bool
) -> Operation:
    summary = entry.note.get("summary", "")
    cancels = tuple(filter(None, entry.note.get("cancels", "").split()))
    session = line.session.name
    return Operation(
        entry.op, entry.verb, session, entry.actor, entry.agent, entry.at, summary, moves, changes, alone, cancels,
        entry.note.get("once", ""),
    )  # fmt: skip


def ref_moves(workspace: Workspace, line: Line) -> list[Move]:
    """The refs to move; a session that was rejected, or closed with nothing to propose, has ended."""
    session = line.session
    if session.state not in (REJECTED, CLOSED) or _proposes(workspace, line):
        return [Move(SESSIONS + session.name, line.old_tip, session.tip)]
    ended = Move(ENDED + session.name, None, session.tip)
    if line.operations:  # the last one ended it, and its undo opens it again
        last = line.operations[-1]
        before = last.moves[0].old
        line.operations[-1] = replace(last, moves=(Move(SESSIONS + session.name, before, None), ended))
    gone = [Move(SESSIONS + session.name, line.old_tip, None)] if line.old_tip else []
    return [*gone, ended]
