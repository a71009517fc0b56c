"""Drain the journal: every waiting operation becomes part of its session's commits.

One commit per session and run of edits, with a `Mem-Op` trailer per operation; decisions (start, reject, close)
are empty commits. Call it with the lock held. An entry that can never apply is set aside and blocks nothing; one
whose `--once` key is carried out already is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from memcli.branch import POLICY_FILE, is_memory_path
from memcli.core.session import trailers
from memcli.core.session.verbs import RECORDS
from memcli.errors import MemError
from memcli.operations.writing import requested_saves as asked_saves
from memcli.operations.writing.commit import Waiting, commit_decision, commit_edits, open_line, ref_moves
from memcli.sessions import session_name
from memcli.state.journal import Entry
from memcli.state.publication import Publication
from memcli.workspace import Workspace

Publish = Callable[[Publication], None]


def drain(workspace: Workspace, publish: Publish) -> None:
    """Carry out all that waits. Raises Conflict where a ref was moved by others."""
    pending, saves = asked_saves.taken_from(workspace)
    waiting: dict[str, list[Waiting]] = {}
    repeated, keys = list[Waiting](), set[str]()
    for file, entry in pending:
        problem = _refusal(entry, file) or _refusal_of_spool(workspace, entry, file)
        if isinstance(entry, ValueError) or problem:
            workspace.journal.set_aside(file, problem)
        elif _is_repeated(workspace, entry, keys):
            repeated.append((file, entry))
        else:
            waiting.setdefault(entry.session, []).append((file, entry))
    _drain_sessions(workspace, waiting, publish)
    asked_saves.follow(saves)
    known = [file for file, entry in repeated if workspace.oplog.find_once(entry.note["once"])]
    if known:
        workspace.journal.finish(known, workspace.now)


def _drain_sessions(workspace: Workspace, waiting: Mapping[str, list[Waiting]], publish: Publish) -> None:
    problems: list[MemError] = []
    for name, items in waiting.items():
        try:
            for part in _parts(items):
                _drain_part(workspace, name, part, publish)
        except MemError as error:
            problems.append(error)  # its entries wait for the next call; the other sessions go on
    if problems:
        raise problems[0]


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
    from memcli.core.finding import blocking
    from memcli.operations.writing.admission import findings_of

    if trailers.STEP in entry.note:
        return "what was done about a session's end is not told from the working tree"

    found = [
        one for edit in entry.edits if edit.path != POLICY_FILE for one in findings_of(workspace, edit.text, edit.path)
    ]
    return "; ".join(f"{one.check}: {one.message}" for one in blocking(found))


def _parts(items: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """The entries up to each one that closes the session: what comes after it must find it closed."""
    part: list[Waiting] = []
    for item in items:
        alone = trailers.STATE in item[1].note
        if alone and part:
            yield part
        part = [] if alone else [*part, item]
        if alone:
            yield [item]
    if part:
        yield part


def _drain_part(workspace: Workspace, name: str, items: list[Waiting], publish: Publish) -> None:
    files = [file for file, _ in items]
    line = open_line(workspace, name, [entry for _, entry in items])
    if line is None:
        workspace.journal.finish(files, workspace.now)  # about a session that is gone: a late read, a second close
        return
    for batch in _batches(items):
        if _is_edit(batch[0][1]):
            commit_edits(workspace, line, batch)
        else:
            commit_decision(workspace, line, *batch[0])
    if any(file.exists() for file in files):
        moves = ref_moves(workspace, line)
        reason = f"mem {line.operations[0].verb}" if line.operations else "mem"
        publish(Publication(reason, tuple(moves), tuple(line.operations), tuple(files)))


def _batches(items: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Runs of edits share a commit; a decision stands alone."""
    for edits, grouped in groupby(items, key=lambda item: _is_edit(item[1])):
        run = list(grouped)
        yield from [run] if edits else [[item] for item in run]


def _is_edit(entry: Entry) -> bool:
    return bool(entry.edits) or entry.verb in RECORDS
