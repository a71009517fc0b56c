"""`mem undo`: take back one operation, by moving the ref back where nothing else would be lost, else by its inverse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from memcli.actor import Actor
from memcli.branch import SESSIONS, store_to_write
from memcli.core.memory.identity import only_match, refuse_short_id
from memcli.errors import NotFound
from memcli.git import refs
from memcli.git.objects import Move
from memcli.git.odb import Odb
from memcli.operations.history.inverse_operation import OF_THE_STORE, Inverse, InverseBuilder
from memcli.operations.views.reader import Reader
from memcli.operations.writing.checked_out_branch import refuse_checked_out
from memcli.operations.writing.transaction import Transaction, write_transaction
from memcli.state.oplog import Operation
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Undone:
    """`moved`: the refs that moved; `inverse`: whether an inverse commit was made; `reopened`: the sessions that are
    open again."""

    op: str
    verb: str
    summary: str
    moved: tuple[Move, ...]
    inverse: bool
    reopened: tuple[str, ...]

    @property
    def back_in(self) -> tuple[str, ...]:
        """The sessions in which what was promoted or rejected awaits review again."""
        refs_there = [move.ref for move in self.moved if move.ref.startswith(SESSIONS) and move.new is not None]
        return tuple(ref.removeprefix(SESSIONS) for ref in refs_there) if self.verb in ("promote", "reject") else ()


def undo(workspace: Workspace, op: str | None = None, dry_run: bool = False) -> Undone:
    """Take back the caller's last operation, or the one named. Raises NotFound, Refused, Conflict, Busy."""
    with write_transaction(workspace) as tx:
        actor, session = workspace.actor, workspace.selection.name
        operations = not_undone(workspace.oplog.newest_first())
        undone = _find((operation for operation in operations if _may_undo(operation, actor, session)), op)
        if undone.verb in OF_THE_STORE:
            refuse_checked_out(workspace.layout)
        is_last = _is_last_mover(workspace.odb, undone)
        inverse = Inverse(_moved_back(tx, undone)) if is_last else _inverse_builder(workspace).build(undone)
        if not dry_run:
            summary = f"{undone.verb} {undone.summary}"
            operation = workspace.actor.operation("undo", undone.session, summary)
            tx.commit(replace(operation, moves=inverse.moves, changes=inverse.changes, cancels=(undone.op,)))
    reopened = tuple(move.ref.removeprefix(SESSIONS) for move in inverse.moves if _reopens(move))
    return Undone(undone.op, undone.verb, undone.summary, inverse.moves, not is_last, reopened)


def _inverse_builder(workspace: Workspace) -> InverseBuilder:
    person, agent = workspace.person, workspace.config.agent
    return InverseBuilder(
        workspace.store, workspace.sessions, Reader(workspace), store_to_write(workspace.layout), person, agent
    )


def not_undone(operations: Iterable[Operation]) -> Iterator[Operation]:
    """The operations, newest first, without those that were undone and without undos."""
    cancelled: set[str] = set()
    for operation in operations:
        if operation.op in cancelled:
            continue
        cancelled.update(operation.cancels)
        if operation.verb != "undo":
            yield operation


def _find(own: Iterable[Operation], op: str | None) -> Operation:
    """The newest of the caller's operations, or the one meant by (a part of) its id. Raises NotFound, Usage."""
    if op is None:
        newest = next(iter(own), None)
        if newest is None:
            raise NotFound("you have no operation to undo", "'mem op log' lists the operations")
        return newest
    refuse_short_id(op)
    operations = {operation.op: operation for operation in own}
    return operations[only_match(op, operations, "operation of yours", "'mem op log' lists them")]


def _may_undo(operation: Operation, actor: Actor, session: str | None) -> bool:
    """An agent's undo reaches its own operations in its own session only."""
    if actor.agent is None:
        return operation.agent is None and operation.actor == actor.name
    return operation.agent == actor.agent and operation.session == session


def _is_last_mover(odb: Odb, operation: Operation) -> bool:
    """Whether moving the refs back loses nothing: alone in its commit, nothing on top of it, nothing pushed."""
    if not operation.alone or not operation.moves:
        return False
    if any(refs.target(odb, move.ref) != move.new for move in operation.moves):
        return False
    commits = [move.new for move in operation.moves if move.new]
    return not any(odb.is_ancestor(commit, tip) for commit in commits for tip in refs.remote_tips(odb))


def _moved_back(tx: Transaction, operation: Operation) -> tuple[Move, ...]:
    """The moves reversed; what no ref would reach any more stays reachable from a rescue ref."""
    moves = [Move(move.ref, move.new, move.old) for move in operation.moves]
    new = [move.new for move in operation.moves if move.new and not move.ref.startswith(refs.RESCUE)]
    lost = new[:1] if operation.verb in OF_THE_STORE else new  # the store's commit reaches what was promoted
    return (*moves, *map(tx.rescue, lost))


def _reopens(move: Move) -> bool:
    return move.ref.startswith(SESSIONS) and move.old is None and move.new is not None
