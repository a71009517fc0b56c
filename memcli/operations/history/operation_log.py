"""`mem op log`: the operations that `mem undo` can take back."""

from __future__ import annotations

from itertools import islice

from memcli.branch import SESSIONS
from memcli.operations.history.undo import not_undone
from memcli.state.oplog import Operation
from memcli.workspace import Workspace

__all__ = ["Operation", "list_operations", "sessions_of"]


def sessions_of(operation: Operation) -> list[str]:
    """The sessions of an operation; one that decides on several names none of them as its own."""
    if operation.session:
        return [operation.session]
    return list(dict.fromkeys(move.ref.removeprefix(SESSIONS) for move in operation.moves if SESSIONS in move.ref))


def list_operations(workspace: Workspace, limit: int, everything: bool = False) -> list[Operation]:
    """The last operations that have not been undone, newest first; with `everything`, undone ones and undos too."""
    operations = workspace.oplog.newest_first() if everything else not_undone(workspace.oplog.newest_first())
    return list(islice(operations, limit))
