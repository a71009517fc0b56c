"""Drain the journal: every waiting operation becomes part of its session's commits.

One commit per session and run of edits, with a `Mem-Op` trailer per operation; decisions (start, reject, close)
are empty commits. Call it with the lock held. An entry that can never apply is set aside and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from memcli.branch import POLICY_FILE, is_memory_path
from memcli.core.session import CLOSED, OPEN, REJECTED, Session, compose
from memcli.errors import Conflict, MemError
from memcli.repo.journal import Entry, FileEdit
from memcli.repo.oplog import Change, Move, Operation
from memcli.repo.refs import ENDED, SESSIONS
from memcli.sessions import session_name, successor_name
from memcli.store import merge_texts, parse_memory, path_for
from memcli.workspace import Workspace

READS = ".session/reads.jsonl"
READ = "read"
_AFTER_CLOSE = (READ, "reject", "reopen")
"""What may still be said of a session that was closed and waits for review."""
Waiting = tuple[Path, Entry]


@dataclass
class _Line:
    """One session while its entries are applied: the commits built so far, none of them published yet."""

    session: Session
    old_tip: str | None
    tree: str
    operations: list[Operation] = field(default_factory=list)


def drain(workspace: Workspace) -> list[Operation]:
    """Carry out all that waits and return the operations. Raises Conflict where a ref was moved by others."""
    workspace.publisher.recover(workspace.person)
    waiting: dict[str, list[Waiting]] = {}
    for file, entry in workspace.journal.pending():
        problem = _refusal(entry)
        if isinstance(entry, Entry) and not problem:
            waiting.setdefault(entry.session, []).append((file, entry))
        else:
            workspace.journal.set_aside(file, problem)
    done: list[Operation] = []
    problems: list[MemError] = []
    for name, items in waiting.items():
        try:
            done += _drain_session(workspace, name, items)
        except MemError as error:
            problems.append(error)  # its entries wait for the next call; the other sessions go on
    if problems:
        raise problems[0]
    return done


def _refusal(entry: Entry | ValueError) -> str:
    """Why an entry can never be carried out; a spool lies in the user's tree, so nothing in it is believed."""
    if isinstance(entry, ValueError):
        return f"not a journal entry: {entry}"
    try:
        session_name(entry.session)
    except MemError as error:
        return error.message
    strange = [edit.path for edit in entry.edits if not is_memory_path(edit.path) and edit.path != POLICY_FILE]
    return f"not a path of the store: {strange[0]!r}" if strange else ""


def _drain_session(workspace: Workspace, name: str, items: list[Waiting]) -> list[Operation]:
    line = _open_line(workspace, name, [entry for _, entry in items])
    for batch in _batches(items):
        if _is_edit(batch[0][1]):
            _commit_edits(workspace, line, batch)
        else:
            _commit_decision(workspace, line, batch[0][1])
    files = [file for file, _ in items]
    workspace.publisher.publish(_moves(workspace, line), line.operations, files, workspace.person)
    return line.operations


def _open_line(workspace: Workspace, name: str, entries: Sequence[Entry]) -> _Line:
    """The session to build on; one that has ended (or was closed) goes on as `<name>-2`, a new one begins here."""
    for candidate in (name, *(successor_name(name, number) for number in range(2, 1000))):
        if workspace.selection.is_open(candidate):
            session = workspace.sessions.load(candidate)
            if session.state == OPEN or all(entry.verb in _AFTER_CLOSE for entry in entries):
                return _Line(session, session.tip, workspace.store.tree_of(session.tip))
        elif not workspace.selection.has_ended(candidate):
            return _start(workspace, candidate, entries[0])
    raise Conflict(f"no free session name after {name}-999", "start a session under another name")


def _start(workspace: Workspace, name: str, entry: Entry) -> _Line:
    _, base = workspace.main()
    session = Session(name, base, base, agent=entry.agent)
    pairs = [
        ("Mem-Start", entry.at),
        *_identity(session, entry.agent),
        ("Mem-Code-Branch", entry.note.get("code_branch", "")),
        ("Mem-Harness-Id", entry.note.get("harness_id", "")),
    ]
    message = compose(f"session: {name}", entry.note.get("task", ""), pairs)
    tree = workspace.store.tree_of(base)
    tip = workspace.odb.write_commit(tree, [base], message, workspace.person)
    return _Line(replace(session, tip=tip), None, tree)


def _identity(session: Session, agent: str | None) -> list[tuple[str, str]]:
    return [("Mem-Session", session.name), ("Mem-Agent", agent or session.agent or ""), ("Mem-Base", session.base)]


def _is_edit(entry: Entry) -> bool:
    return bool(entry.edits) or entry.verb == READ


def _batches(items: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Runs of edits share a commit; a decision stands alone."""
    for edits, grouped in groupby(items, key=lambda item: _is_edit(item[1])):
        run = list(grouped)
        yield from [run] if edits else [[item] for item in run]


def _commit_edits(workspace: Workspace, line: _Line, batch: list[Waiting]) -> None:
    before, carried = line.session.tip, list[tuple[Entry, tuple[Change, ...]]]()
    for file, entry in batch:
        tree = line.tree
        try:
            carried.append((entry, _apply(workspace, line, entry)))
        except Conflict as error:
            line.tree = tree
            workspace.journal.set_aside(file, error.message)
    if line.tree != workspace.store.tree_of(line.session.tip):
        _advance(workspace, line, [entry for entry, _ in carried], _subject([entry for entry, _ in carried]), "")
    moves = (Move(SESSIONS + line.session.name, before, line.session.tip),)
    for entry, changes in carried:
        if entry.verb != READ:
            line.operations.append(_operation(entry, line, moves, changes, alone=len(batch) == 1))


def _apply(workspace: Workspace, line: _Line, entry: Entry) -> tuple[Change, ...]:
    if entry.verb == READ:
        line.tree = _with_read(workspace, line.tree, entry)
        return ()
    return tuple(change for edit in entry.edits for change in _apply_edit(workspace, line, edit))


def _subject(entries: Sequence[Entry]) -> str:
    said = [entry for entry in entries if entry.verb != READ]
    if len(said) == 1:
        return f"{said[0].verb}: {said[0].note.get('summary', '')}"
    return f"{len(said)} operations" if said else "reads"


def _with_read(workspace: Workspace, tree: str, entry: Entry) -> str:
    known = workspace.store.text(workspace.odb.file(tree, READS))
    return workspace.store.write(tree, {READS: f"{known}{entry.note['read']}\n"})


def _apply_edit(workspace: Workspace, line: _Line, edit: FileEdit) -> list[Change]:
    """Apply one file three-way against the blob it was written on, and return what that changed."""
    store = workspace.store
    if edit.base_blob and workspace.odb.file(line.tree, edit.path) is None:
        bring_in(workspace, line)  # it was read from promotions this session has not seen yet
    path = _free_path(workspace, line.tree, edit)
    there = workspace.odb.file(line.tree, path)
    text = merge_texts(store.text(edit.base_blob), store.text(there), edit.text, path) if there else edit.text
    line.tree = store.write(line.tree, {path: text})
    after = workspace.odb.file(line.tree, path)
    return [Change(path, there, after)] if there != after else []


def _free_path(workspace: Workspace, tree: str, edit: FileEdit) -> str:
    """The edit's path, with more of the id where another memory has it already."""
    there, new = workspace.store.parsed(tree, edit.path), parse_memory(edit.text, edit.path).memory
    if there is None or new is None or (there.memory and there.memory.id == new.id):
        return edit.path
    return path_for(new, [edit.path])


def bring_in(workspace: Workspace, line: _Line) -> None:
    """Merge the promotions since the session's base into it: a merge commit whose base is the store's tip."""
    _, main = workspace.main()
    if main == line.session.base:
        return
    base_tree, onto = workspace.store.tree_of(line.session.base), workspace.store.tree_of(main)
    texts = workspace.store.merge_onto(workspace.store.candidates(base_tree, line.tree), onto, lambda _: None)
    kept = dict(workspace.odb.files(line.tree, ".session"))
    line.tree = workspace.odb.update(workspace.store.write(onto, texts), kept)
    line.session = replace(line.session, base=main)
    message = compose("update", "", _identity(line.session, None))
    tip = workspace.odb.write_commit(line.tree, [line.session.tip, main], message, workspace.person)
    line.session = replace(line.session, tip=tip)


def _commit_decision(workspace: Workspace, line: _Line, entry: Entry) -> None:
    before = line.session.tip
    if entry.verb == "start" and line.old_tip is None:
        moves = (Move(SESSIONS + line.session.name, None, before),)
        line.operations.append(_operation(entry, line, moves, (), alone=True))
        return
    if entry.verb == "update":
        bring_in(workspace, line)
    else:
        _advance(workspace, line, [entry], f"{entry.verb}: {entry.note.get('summary', '')}", entry.note.get("task", ""))
    moves = (Move(SESSIONS + line.session.name, before, line.session.tip),)
    line.operations.append(_operation(entry, line, moves, (), alone=True))


def _advance(workspace: Workspace, line: _Line, batch: Sequence[Entry], subject: str, body: str) -> None:
    agent = next((entry.agent for entry in batch if entry.agent), None)
    pairs = _identity(line.session, agent)
    for entry in batch:
        said = [
            (key, value) for key, text in entry.note.items() if key.startswith("Mem-") for value in text.split("\n")
        ]
        pairs += [*said, *([("Mem-Op", entry.op)] if entry.verb != READ else [])]
    message = compose(subject, body, pairs)
    tip = workspace.odb.write_commit(line.tree, [line.session.tip], message, workspace.person)
    state = next((entry.note["Mem-State"] for entry in batch if "Mem-State" in entry.note), line.session.state)
    line.session = replace(line.session, tip=tip, state=state, agent=line.session.agent or agent)


def _operation(
    entry: Entry, line: _Line, moves: tuple[Move, ...], changes: tuple[Change, ...], alone: bool
) -> Operation:
    summary = entry.note.get("summary", "")
    cancels = tuple(filter(None, entry.note.get("cancels", "").split()))
    session = line.session.name
    return Operation(
        entry.op, entry.verb, session, entry.actor, entry.agent, entry.at, summary, moves, changes, alone, cancels
    )


def _moves(workspace: Workspace, line: _Line) -> list[Move]:
    """The refs to move; a session that was rejected, or closed with nothing to propose, has ended."""
    session = line.session
    ended = session.state == REJECTED or (session.state == CLOSED and not workspace.sessions.candidates(session))
    if not ended:
        return [Move(SESSIONS + session.name, line.old_tip, session.tip)]
    gone = [Move(SESSIONS + session.name, line.old_tip, None)] if line.old_tip else []
    return [*gone, Move(ENDED + session.name, None, session.tip)]
