"""`mem op log`: the operations that `mem undo` can take back."""

from __future__ import annotations

from itertools import islice

from memcli.operations.history.undo import not_undone
from memcli.state.oplog import Operation
from memcli.workspace import Workspace

__all__ = ["Operation", "list_operations"]


def list_operations(workspace: Workspace, limit: int, everything: bool = False) -> list[Operation]:
    """The last operations that have not been undone, newest first; with `everything`, undone ones and undos too."""
    operations = workspace.oplog.newest_first() if everything else not_undone(workspace.oplog.newest_first())
    return list(islice(operations, limit))
