"""`mem dream revert`: take back what a dream changed, in the store or while it waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from memcli.branch import FRONT_PAGE, SESSIONS, store_to_write
from memcli.core.dream.steps import PHASES, format_steps
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers, trailers_of
from memcli.core.session.state import Session
from memcli.errors import NotFound, Refused
from memcli.git.objects import Commit, Move
from memcli.operations.dream.dream import build_dreamer
from memcli.operations.dream.dream_changes import DreamChanges, rejection_trailers
from memcli.operations.dream.recorder import STEPS, DreamRecorder, recorded_steps
from memcli.operations.views.reader import Reader
from memcli.operations.writing.checked_out_branch import refuse_checked_out
from memcli.operations.writing.derived_files import keys_of, store_time, timelines
from memcli.operations.writing.take_back import front_page_after, take_back
from memcli.operations.writing.transaction import Transaction, write_transaction
from memcli.sessions import Sessions
from memcli.state.oplog import Change
from memcli.store import Store
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Reverted:
    """`moved`: the refs that moved, `restored`: the paths that are as they were before the dream."""

    dream: str
    op: str
    moved: tuple[Move, ...]
    restored: tuple[str, ...]


def revert(workspace: Workspace, name: str, phase: str | None = None, only: Sequence[str] = ()) -> Reverted:
    """Take back a dream, or a part of it. Raises NotFound, Usage, Refused (an agent and the store), Conflict, Busy."""
    if workspace.selection.is_open(name):
        dream = workspace.sessions.load(name)
        chosen = _changes(workspace.store, workspace.sessions, dream).choose(phase, only)
        return _revert_in_session(workspace, dream, chosen, phase)
    if workspace.config.agent:
        raise Refused("agents cannot change the store", f"ask a person to run 'mem dream revert {name}'")
    with write_transaction(workspace) as tx:
        refuse_checked_out(workspace.layout)
        dream = _promoted(workspace.sessions, workspace.odb.first_parents(store_to_write(workspace.layout)[1]), name)
        chosen = _changes(workspace.store, workspace.sessions, dream).choose(phase, only)
        return _revert_in_store(workspace, tx, dream, chosen, phase or ", ".join(only))


def _changes(store: Store, sessions: Sessions, dream: Session) -> DreamChanges:
    return DreamChanges(store.odb, store, dream, recorded_steps(sessions, dream))


def _promoted(sessions: Sessions, commits: Iterable[Commit], name: str) -> Session:
    """The dream as it was promoted: its side of the merge among the store's commits. Raises NotFound."""
    for commit in commits:
        if len(commit.parents) == 2 and (trailers.SESSION, name) in trailers_of(commit.message):
            dream = sessions.at(name, commit.parents[1])
            if dream:
                return dream
    raise NotFound(f"{name} was not promoted", "'mem log' lists the promotions")


def _revert_in_store(
    workspace: Workspace, tx: Transaction, dream: Session, chosen: Sequence[Change], part: str
) -> Reverted:
    (main, tip), store = store_to_write(workspace.layout), workspace.store
    parent = store.odb.commit(tip)
    tree, changes = _reverted_tree(store, Reader(workspace), parent.tree, chosen)
    if not changes:
        return Reverted(dream.name, "", (), ())
    op = workspace.clock.new_operation_id()
    pairs = [(trailers.SESSION, dream.name), *rejection_trailers(store, chosen), (trailers.OP, op)]
    message = commit_message(f"revert: {dream.name}" + (f" ({part})" if part else ""), "", pairs)
    at, _ = store_time(workspace.now, parent.at)
    commit = store.odb.write_commit(tree, [tip], message, replace(workspace.person, at=at))
    operation = workspace.actor.operation("revert", dream.name, part or "all of it", op)
    operation = replace(operation, moves=(Move(main, tip, commit),), changes=changes)
    tx.commit(operation)
    return Reverted(dream.name, op, operation.moves, tuple(change.path for change in changes))


def _reverted_tree(store: Store, reader: Reader, tree: str, chosen: Sequence[Change]) -> tuple[str, tuple[Change, ...]]:
    """(the store's tree without the changes, its timelines and front page updated; what that changes in its files)."""
    tree, undone = take_back(store, tree, chosen)
    changes = _combined(undone)
    texts = {change.path: store.text(change.after) for change in changes if change.after}
    texts |= timelines(reader, texts, keys_of((), texts))
    return store.write(tree, {**texts, FRONT_PAGE: front_page_after(reader, store, changes)}), changes


def _combined(changes: Sequence[Change]) -> tuple[Change, ...]:
    """One change for each file, from what it was at first to what it is at last."""
    combined: dict[str, Change] = {}
    for change in changes:
        first = combined.get(change.path, change)
        combined[change.path] = replace(change, before=first.before)
    return tuple(change for change in combined.values() if change.before != change.after)


def _revert_in_session(workspace: Workspace, dream: Session, chosen: Sequence[Change], phase: str | None) -> Reverted:
    store, sessions = workspace.store, workspace.sessions
    tree, changes = take_back(store, store.tree_of(dream.tip), chosen)
    paths = {change.path for change in changes}
    ids = {candidate.id for candidate in sessions.changes(dream) if candidate.path in paths}
    phases = [phase] if phase else PHASES
    recorded = recorded_steps(sessions, dream)
    steps = [step for step in recorded if step.phase not in phases or step.id not in ids]
    tree = store.write(tree, {STEPS: format_steps(steps)})
    message = commit_message("revert", "", session_trailers(dream.name, dream.agent, dream.base))
    inputs = build_dreamer(workspace).sources.inputs_of(dream)
    after = DreamRecorder(workspace).advance(dream, inputs, tree, message, "revert")
    op = next(workspace.oplog.newest_first()).op
    move = Move(SESSIONS + dream.name, dream.tip, after.tip)
    return Reverted(dream.name, op, (move,), tuple(sorted(paths)))
