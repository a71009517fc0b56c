"""`mem dream revert` and `discard`: take back what a dream changed, in the store or while it waits; throw one away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memcli.branch import FRONT_PAGE, SESSIONS, store_to_write
from memcli.core.dream.steps import PHASES, format_steps
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers, trailers_of
from memcli.core.session.state import REJECTED, Session
from memcli.errors import NotFound, Refused
from memcli.git.objects import Move
from memcli.operations.dream.dream import build_dreamer
from memcli.operations.dream.dream_history import DreamHistory
from memcli.operations.dream.recorder import STEPS, DreamRecorder, recorded_steps
from memcli.operations.dream.reverted import DreamChanges, rejection_trailers
from memcli.operations.views.reader import Reader
from memcli.operations.writing.checkout import refuse_checked_out
from memcli.operations.writing.derived_files import keys_of, store_time, timelines
from memcli.operations.writing.inverse import front_page_after, take_back
from memcli.operations.writing.transaction import Transaction, drain_before_reading, write_transaction
from memcli.selection import is_dream
from memcli.state.oplog import Change
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Reverted:
    """`moved`: the refs that moved, `restored`: the paths that are as they were before the dream."""

    dream: str
    op: str
    moved: tuple[Move, ...]
    restored: tuple[str, ...]


def named(workspace: Workspace, name: str | None) -> str:
    """The dream a command means: the one named, else the open one, else the last. Raises NotFound."""
    drain_before_reading(workspace)
    history = DreamHistory(workspace.layout, workspace.odb, workspace.sessions)
    known = [*history.open_dreams()[::-1], *(dream.name for dream in history.ended_dreams()[::-1])]
    if name is None and known:
        return known[0]
    if name is None or not is_dream(name):
        raise NotFound(f"no dream {name!r}" if name else "no dream yet", "'mem dream' proposes one")
    return name


def revert(workspace: Workspace, name: str, phase: str | None = None, only: Sequence[str] = ()) -> Reverted:
    """Take back a dream, or a part of it. Raises NotFound, Usage, Refused (an agent and the store), Conflict, Busy."""
    if workspace.selection.is_open(name):
        return _in_session(workspace, workspace.sessions.load(name), phase, only)
    if workspace.config.agent:
        raise Refused("an agent does not change the store", f"ask a person for 'mem dream revert {name}'")
    with write_transaction(workspace) as tx:
        refuse_checked_out(workspace.layout)
        dream = _promoted(workspace, name)
        changes = _changes(workspace, dream).choose(phase, only)
        return _in_store(workspace, tx, dream, changes, phase or ", ".join(only))


def _changes(workspace: Workspace, dream: Session) -> DreamChanges:
    return DreamChanges(workspace.odb, workspace.store, dream, recorded_steps(workspace.sessions, dream))


def _promoted(workspace: Workspace, name: str) -> Session:
    """The dream as it was promoted: its side of the merge."""
    for commit in workspace.odb.first_parents(store_to_write(workspace.layout)[1]):
        if len(commit.parents) == 2 and (trailers.SESSION, name) in trailers_of(commit.message):
            found = workspace.sessions.at(name, commit.parents[1])
            if found:
                return found
    raise NotFound(f"{name} was not promoted", "'mem log' lists the promotions")


def _in_store(workspace: Workspace, tx: Transaction, dream: Session, changes: Sequence[Change], part: str) -> Reverted:
    main, tip = store_to_write(workspace.layout)
    parent = workspace.odb.commit(tip)
    tree, done = take_back(workspace.store, parent.tree, changes)
    done = _as_one(done)
    if not done:
        return Reverted(dream.name, "", (), ())
    texts = {one.path: workspace.store.text(one.after) for one in done if one.after}
    reader = Reader(workspace)
    texts |= timelines(reader, texts, keys_of((), texts))
    tree = workspace.store.write(tree, {**texts, FRONT_PAGE: front_page_after(reader, workspace.store, done)})
    op = workspace.ids.new_operation()
    pairs = [(trailers.SESSION, dream.name), *rejection_trailers(workspace.store, changes), (trailers.OP, op)]
    message = commit_message(f"revert: {dream.name}" + (f" ({part})" if part else ""), "", pairs)
    at, _ = store_time(workspace.now, parent.at)
    commit = workspace.odb.write_commit(tree, [tip], message, replace(workspace.person, at=at))
    moves = (Move(main, tip, commit),)
    said = workspace.actor.operation("revert", dream.name, part or "all of it", op)
    tx.commit(replace(said, moves=moves, changes=done))
    return Reverted(dream.name, op, moves, tuple(one.path for one in done))


def _as_one(changes: Sequence[Change]) -> tuple[Change, ...]:
    """One change for each file, from what it was at first to what it is at last."""
    found: dict[str, Change] = {}
    for one in changes:
        found[one.path] = replace(one, before=found[one.path].before) if one.path in found else one
    return tuple(one for one in found.values() if one.before != one.after)


def _in_session(workspace: Workspace, dream: Session, phase: str | None, only: Sequence[str]) -> Reverted:
    changes = _changes(workspace, dream).choose(phase, only)
    tree, done = take_back(workspace.store, workspace.store.tree_of(dream.tip), changes)
    restored = {one.path for one in done}
    ids = _ids(workspace, restored, dream)
    phases = [phase] if phase else PHASES
    recorded = recorded_steps(workspace.sessions, dream)
    steps = [step for step in recorded if step.phase not in phases or step.id not in ids]
    tree = workspace.store.write(tree, {STEPS: format_steps(steps)})
    message = commit_message("revert", "", session_trailers(dream.name, dream.agent, dream.base))
    inputs = build_dreamer(workspace).repository.inputs_of(dream)
    after = DreamRecorder(workspace).advance(dream, inputs, tree, message, "revert")
    done_op = next(workspace.oplog.newest_first()).op
    move = Move(SESSIONS + dream.name, dream.tip, after.tip)
    return Reverted(dream.name, done_op, (move,), tuple(sorted(restored)))


def _ids(workspace: Workspace, paths: set[str], dream: Session) -> set[str]:
    return {one.id for one in workspace.sessions.changes(dream) if one.path in paths}


def discard(workspace: Workspace, name: str) -> str:
    """Throw an open dream away; the store is as it was, and the next dream may propose the same. Raises NotFound."""
    dream = workspace.sessions.load(name)
    if workspace.config.agent and dream.agent is None:
        raise Refused("this dream is a person's", f"ask for 'mem dream discard {name}'")
    pairs = [*session_trailers(name, dream.agent, dream.base), (trailers.STATE, REJECTED)]
    tree = workspace.store.tree_of(dream.tip)
    tip = workspace.odb.write_commit(tree, [dream.tip], commit_message("discarded", "", pairs), workspace.person)
    DreamRecorder(workspace).end(dream, tip, "discard")
    return name
