"""`mem undo`: take back one operation, by moving the ref back where nothing else would be lost, else by its inverse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from memcli.branch import ENDED, FRONT_PAGE, SESSION_DIRECTORY, SESSIONS
from memcli.core.memory.identity import id_matches
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers, trailers_of
from memcli.core.session.state import CLOSED, OPEN, REJECTED, Session
from memcli.errors import Conflict, NotFound, Refused
from memcli.git import refs
from memcli.git.objects import Move
from memcli.operations.writing.checkout import refuse_checked_out
from memcli.operations.writing.inverse import page_after, take_back
from memcli.operations.writing.promotion import promotion_time
from memcli.operations.writing.transaction import Transaction, transaction
from memcli.state.oplog import Change, Operation
from memcli.workspace import Workspace

_DECISIONS = ("reject", "close")
_OF_THE_STORE = ("promote", "revert")
"""What moves the store's branch."""


@dataclass(frozen=True)
class Undone:
    """`moved`: the refs that moved; `inverse`: whether an inverse commit was made; `reopened`: the session, if any."""

    op: str
    verb: str
    summary: str
    moved: tuple[Move, ...]
    inverse: bool
    reopened: str | None


def undo(workspace: Workspace, op: str | None = None, dry_run: bool = False) -> Undone:
    """Take back the caller's last operation, or the one named. Raises NotFound, Refused, Conflict, Busy."""
    with transaction(workspace) as tx:
        operation = _find(workspace, op)
        if operation.verb in _OF_THE_STORE:
            refuse_checked_out(workspace)
        inverse = not _is_last_mover(workspace, operation)
        moves, changes = _inverse(workspace, operation) if inverse else (_back(tx, operation), ())
        if not dry_run:
            tx.commit(_undoing(workspace, operation, moves, changes))
    reopened = operation.session if any(_reopens(move) for move in moves) else None
    return Undone(operation.op, operation.verb, operation.summary, tuple(moves), inverse, reopened)


def _reopens(move: Move) -> bool:
    return move.ref.startswith(SESSIONS) and move.old is None and move.new is not None


def standing(workspace: Workspace) -> Iterable[Operation]:
    """The operations that have not been undone, newest first; undos themselves are not among them."""
    cancelled: set[str] = set()
    for operation in workspace.oplog.newest_first():
        if operation.op in cancelled:
            continue
        cancelled.update(operation.cancels)
        if operation.verb != "undo":
            yield operation


def _find(workspace: Workspace, op: str | None) -> Operation:
    mine = [one for one in standing(workspace) if _may_undo(workspace, one)]
    if op is None:
        if not mine:
            raise NotFound("nothing of yours to undo", "'mem op log' lists the operations")
        return mine[0]
    found = [one for one in mine if id_matches(op, one.op)]
    if len(found) != 1:
        raise NotFound(
            f"{'no operation' if not found else 'several operations'} of yours {op!r}", "'mem op log' lists them"
        )
    return found[0]


def _may_undo(workspace: Workspace, operation: Operation) -> bool:
    """An agent's undo reaches its own operations in its own session only."""
    if workspace.config.agent is None:
        return operation.agent is None and operation.actor == workspace.actor
    return operation.agent == workspace.config.agent and operation.session == workspace.selection.name


def _is_last_mover(workspace: Workspace, operation: Operation) -> bool:
    """Whether moving the refs back loses nothing: alone in its commit, nothing on top of it, nothing pushed."""
    if not operation.alone or not operation.moves:
        return False
    if any(refs.target(workspace.odb, move.ref) != move.new for move in operation.moves):
        return False
    published = refs.remote_tips(workspace.odb)
    made = [move.new for move in operation.moves if move.new]
    return not any(workspace.odb.is_ancestor(commit, tip) for commit in made for tip in published)


def _back(tx: Transaction, operation: Operation) -> list[Move]:
    """The moves reversed; what no ref would hold any more stays reachable from a rescue ref."""
    moves = [Move(move.ref, move.new, move.old) for move in operation.moves]
    lost = next((move.new for move in operation.moves if move.new and not move.ref.startswith(refs.RESCUE)), None)
    return [*moves, tx.rescue(lost)] if lost else moves


def _inverse(workspace: Workspace, operation: Operation) -> tuple[list[Move], tuple[Change, ...]]:
    if operation.verb in _OF_THE_STORE:
        return _inverse_promotion(workspace, operation)
    ended = not workspace.selection.is_open(operation.session)
    session = workspace.sessions.load(operation.session, ended=True)
    if ended and (operation.verb not in _DECISIONS or session.state not in (REJECTED, CLOSED)):
        raise Conflict(f"the session {operation.session} has ended since", "undo what ended it first: 'mem op log'")
    tip, changes = _inverse_in_session(workspace, operation, session)
    if ended:
        gone = Move(ENDED + session.name, session.tip, None)
        return [gone, Move(SESSIONS + session.name, None, tip)], changes
    return [Move(SESSIONS + session.name, session.tip, tip)], changes


def _inverse_in_session(workspace: Workspace, operation: Operation, session: Session) -> tuple[str, tuple[Change, ...]]:
    """(the session's next tip, what it changes)."""
    if operation.verb in ("start", "update", "reopen"):
        raise Refused(f"others build on this {operation.verb}", f"'mem session close {session.name}' ends the session")
    tree, changes = take_back(workspace, workspace.store.tree_of(session.tip), operation.changes)
    pairs = session_trailers(session.name, workspace.config.agent, session.base)
    if operation.verb == "reject":
        made = next((move.new for move in operation.moves if move.new), session.tip)
        decided = [value for key, value in trailers_of(workspace.odb.commit(made).message) if key == trailers.REJECT]
        pairs += [(trailers.UNREJECT, value) for value in decided]
        tree = _brought_back(workspace, session, tree, made, [value.split(" ")[0] for value in decided])
    if operation.verb in _DECISIONS:
        pairs.append((trailers.STATE, OPEN))
    message = commit_message(
        f"undo: {operation.verb} {operation.summary}", "", [*pairs, (trailers.CANCELS, operation.op)]
    )
    return workspace.odb.write_commit(tree, [session.tip], message, workspace.person), changes


def _brought_back(workspace: Workspace, session: Session, tree: str, made: str, ids: Sequence[str]) -> str:
    """The tree with what was rejected at the commit `made`, where a promotion has carried the session on without it."""
    then = workspace.sessions.at(session.name, made)
    there = {one.id for one in workspace.sessions.changes(session)}
    lost = [one for one in workspace.sessions.changes(then) if one.id in ids and one.id not in there] if then else []
    return workspace.store.write(tree, workspace.store.merge_onto(lost, tree, lambda _: None))


def _inverse_promotion(workspace: Workspace, operation: Operation) -> tuple[list[Move], tuple[Change, ...]]:
    """A commit on the store that takes the promotion's changes out, and its session open again."""
    main, tip = workspace.main()
    parent = workspace.odb.commit(tip)
    undone = [one for one in operation.changes if one.path != FRONT_PAGE]
    tree, changes = take_back(workspace, parent.tree, undone)
    page = page_after(workspace, changes)
    tree = workspace.store.write(tree, {FRONT_PAGE: page})
    at, _ = promotion_time(workspace.now, parent.at)
    pairs = [(trailers.SESSION, operation.session), (trailers.CANCELS, operation.op)]
    message = commit_message(f"undo: {operation.verb} {operation.session}", f"Takes back: {operation.summary}", pairs)
    commit = workspace.odb.write_commit(tree, [tip], message, replace(workspace.person, at=at))
    ended_it = any(move.ref == ENDED + operation.session for move in operation.moves)
    again = _reopen(workspace, operation.session) if ended_it else _proposed_again(workspace, operation, commit)
    return [Move(main, tip, commit), *again], changes


def _reopen(workspace: Workspace, name: str) -> list[Move]:
    """The ended session as an open one, so that what was taken back can be proposed again."""
    tip = refs.target(workspace.odb, ENDED + name)
    if tip is None or workspace.selection.is_open(name):
        return []
    session = workspace.sessions.load(name, ended=True)
    pairs = [*session_trailers(name, session.agent, session.base), (trailers.STATE, OPEN)]
    commit = workspace.odb.write_commit(
        workspace.store.tree_of(tip), [tip], commit_message("reopen", "", pairs), workspace.person
    )
    return [Move(ENDED + name, tip, None), Move(SESSIONS + name, None, commit)]


def _proposed_again(workspace: Workspace, operation: Operation, base: str) -> list[Move]:
    """The session that went on with what was left, on the new tip, with what was taken back among its candidates."""
    name, store, odb = operation.session, workspace.store, workspace.odb
    made = next((move.new for move in operation.moves if move.new and len(odb.commit(move.new).parents) == 2), None)
    second = odb.commit(made).parents[1] if made else None
    then = workspace.sessions.at(name, second) if second else None
    if then is None:
        return []
    session, tree = workspace.sessions.load(name, ended=True), store.tree_of(base)
    texts = store.merge_onto(workspace.sessions.changes(then), tree, lambda _: None)
    is_open = workspace.selection.is_open(name)
    if is_open:
        texts |= store.merge_onto(workspace.sessions.changes(session), tree, lambda _: None)
    reads = odb.files(store.tree_of(session.tip), SESSION_DIRECTORY)
    carried = odb.update(store.write(tree, texts), dict(reads))
    pairs = [*session_trailers(session.name, session.agent, base), (trailers.STATE, OPEN)]
    message = commit_message(f"undo: promote {name}", "", [*pairs, (trailers.CANCELS, operation.op)])
    tip = odb.write_commit(carried, [session.tip, base], message, workspace.person)
    if is_open:
        return [Move(SESSIONS + name, session.tip, tip)]
    return [Move(ENDED + name, session.tip, None), Move(SESSIONS + name, None, tip)]


def _undoing(workspace: Workspace, undone: Operation, moves: list[Move], changes: tuple[Change, ...]) -> Operation:
    operation = workspace.operation(workspace.new_op(), "undo", undone.session, f"{undone.verb} {undone.summary}")
    return replace(operation, moves=tuple(moves), changes=changes, cancels=(undone.op,))
