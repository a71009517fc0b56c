"""Drain the journal: every waiting operation becomes part of its session's commits.

One commit per session and run of edits, with a `Mem-Op` trailer per operation; decisions (start, reject, close)
are empty commits. Call it with the lock held. An entry that can never apply is set aside and blocks nothing; one
whose `--once` key is carried out already is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from memcli.branch import POLICY_FILE, is_memory_path
from memcli.core.session import CLOSED, OPEN, REJECTED, Session, compose, identity
from memcli.errors import Conflict, Failure, MemError
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
    repeated, keys = list[Waiting](), set[str]()
    for file, entry in workspace.journal.pending():
        problem = _refusal(entry, file) or _refusal_of_spool(workspace, entry, file)
        if isinstance(entry, ValueError) or problem:
            workspace.journal.set_aside(file, problem)
        elif _is_repeated(workspace, entry, keys):
            repeated.append((file, entry))
        else:
            waiting.setdefault(entry.session, []).append((file, entry))
    done = _drain_sessions(workspace, waiting)
    known = [file for file, entry in repeated if workspace.oplog.find_once(entry.note["once"])]
    if known:
        workspace.journal.finish(known, workspace.now)
    return done


def _drain_sessions(workspace: Workspace, waiting: Mapping[str, list[Waiting]]) -> list[Operation]:
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


def _is_repeated(workspace: Workspace, entry: Entry, keys: set[str]) -> bool:
    """Whether the entry's `--once` key was carried out, or is among `keys`, those of the entries before it."""
    key = entry.note.get("once", "")
    if not key:
        return False
    repeated = key in keys or workspace.oplog.find_once(key) is not None
    keys.add(key)
    return repeated


def _refusal(entry: Entry | ValueError, file: Path) -> str:
    """Why an entry can never be carried out."""
    if isinstance(entry, ValueError):
        return f"not a journal entry: {entry}"
    if entry.op != file.name:
        return f"a copy of {entry.op[:40]!r}"
    try:
        session_name(entry.session)
    except MemError as error:
        return error.message
    strange = [edit.path for edit in entry.edits if not is_memory_path(edit.path) and edit.path != POLICY_FILE]
    return f"not a path of the store: {strange[0]!r}" if strange else ""


def _refusal_of_spool(workspace: Workspace, entry: Entry | ValueError, file: Path) -> str:
    """A spool lies in the user's tree, so nothing in it is believed: it is checked as it was when it was written."""
    if isinstance(entry, ValueError) or file.parent == workspace.journal.home:
        return ""
    from memcli.core.checks import check_write
    from memcli.core.finding import blocking

    found = [one for edit in entry.edits if edit.path != POLICY_FILE for one in check_write(edit.text, edit.path)]
    return "; ".join(f"{one.check}: {one.message}" for one in blocking(found))


def _drain_session(workspace: Workspace, name: str, items: list[Waiting]) -> list[Operation]:
    return [operation for part in _parts(items) for operation in _drain_part(workspace, name, part)]


def _parts(items: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """The entries up to each one that closes the session: what comes after it must find it closed."""
    part: list[Waiting] = []
    for item in items:
        alone = "Mem-State" in item[1].note
        if alone and part:
            yield part
        part = [] if alone else [*part, item]
        if alone:
            yield [item]
    if part:
        yield part


def _drain_part(workspace: Workspace, name: str, items: list[Waiting]) -> list[Operation]:
    files = [file for file, _ in items]
    line = _open_line(workspace, name, [entry for _, entry in items])
    if line is None:
        workspace.journal.finish(files, workspace.now)  # about a session that is gone: a late read, a second close
        return []
    for batch in _batches(items):
        if _is_edit(batch[0][1]):
            _commit_edits(workspace, line, batch)
        else:
            _commit_decision(workspace, line, *batch[0])
    if any(file.exists() for file in files):
        workspace.publisher.publish(_moves(workspace, line), line.operations, files, workspace.person)
    return line.operations


def _open_line(workspace: Workspace, name: str, entries: Sequence[Entry]) -> _Line | None:
    """The session to build on; one that has ended (or was closed) goes on as `<name>-2`, a new one begins here.

    None where there is none, and nothing in `entries` begins one.
    """
    for candidate in (name, *(successor_name(name, number) for number in range(2, 1000))):
        if workspace.selection.is_open(candidate):
            session = workspace.sessions.load(candidate)
            if session.state == OPEN or all(entry.verb in _AFTER_CLOSE for entry in entries):
                return _Line(session, session.tip, workspace.store.tree_of(session.tip))
        elif not workspace.selection.has_ended(candidate):
            begins = any(entry.edits or entry.verb == "start" for entry in entries)
            return _start(workspace, candidate, entries[0]) if begins else None
    raise Conflict(f"no free session name after {name}-999", "start a session under another name")


def _start(workspace: Workspace, name: str, entry: Entry) -> _Line:
    _, base = workspace.main()
    session = Session(name, base, base, agent=entry.agent)
    pairs = [
        ("Mem-Start", entry.at),
        *identity(session.name, entry.agent or session.agent, session.base),
        ("Mem-Code-Branch", entry.note.get("code_branch", "")),
        ("Mem-Harness-Id", entry.note.get("harness_id", "")),
    ]
    message = compose(f"session: {name}", entry.note.get("task", ""), pairs)
    tree = workspace.store.tree_of(base)
    tip = workspace.odb.write_commit(tree, [base], message, workspace.person)
    return _Line(replace(session, tip=tip), None, tree)


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
        session, tree = line.session, line.tree
        try:
            carried.append((entry, _apply(workspace, line, entry)))
        except Conflict as error:
            line.session, line.tree = session, tree
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
    text = merge_texts(_base_text(workspace, edit), store.text(there), edit.text, path) if there else edit.text
    line.tree = store.write(line.tree, {path: text})
    after = workspace.odb.file(line.tree, path)
    return [Change(path, there, after)] if there != after else []


def _base_text(workspace: Workspace, edit: FileEdit) -> str:
    """What the edit was written against; empty, as if both sides were new, where that never came into the store."""
    try:
        return workspace.store.text(edit.base_blob)
    except Failure:
        return ""


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
    message = compose("update", "", identity(line.session.name, line.session.agent, line.session.base))
    tip = workspace.odb.write_commit(line.tree, [line.session.tip, main], message, workspace.person)
    line.session = replace(line.session, tip=tip)


def _commit_decision(workspace: Workspace, line: _Line, file: Path, entry: Entry) -> None:
    before = line.session.tip
    if entry.verb == "start" and line.old_tip is None:
        moves = (Move(SESSIONS + line.session.name, None, before),)
        line.operations.append(_operation(entry, line, moves, (), alone=True))
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


def _decide(workspace: Workspace, line: _Line, entry: Entry) -> None:
    before, subject = line.session, f"{entry.verb}: {entry.note.get('summary', '')}"
    _advance(workspace, line, [entry], subject, entry.note.get("task", ""))
    if line.session.state == REJECTED and _proposes(workspace, line):
        line.session = before  # something came in since the person looked: that still waits for review
        said = {key: text for key, text in entry.note.items() if key != "Mem-State"}
        _advance(workspace, line, [replace(entry, note=said)], subject, "")


def _proposes(workspace: Workspace, line: _Line) -> bool:
    """Whether anything is left in the session, decisions that are not published yet included."""
    session = workspace.sessions.at(line.session.name, line.session.tip)
    return session is not None and bool(workspace.sessions.candidates(session))


def _advance(workspace: Workspace, line: _Line, batch: Sequence[Entry], subject: str, body: str) -> None:
    agent = next((entry.agent for entry in batch if entry.agent), None)
    pairs = identity(line.session.name, agent or line.session.agent, line.session.base)
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
        entry.op, entry.verb, session, entry.actor, entry.agent, entry.at, summary, moves, changes, alone, cancels,
        entry.note.get("once", ""),
    )  # fmt: skip


def _moves(workspace: Workspace, line: _Line) -> list[Move]:
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
