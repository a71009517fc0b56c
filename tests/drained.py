"""The journal carried out, as the next command that writes does first."""

from __future__ import annotations

from memcli.operations.writing.transaction import write_transaction
from memcli.workspace import Workspace


def drain(workspace: Workspace) -> None:
    """Carry out all that waits."""
    with write_transaction(workspace):
        pass
