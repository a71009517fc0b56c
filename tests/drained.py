"""The journal carried out, as the next command that writes does first."""

from __future__ import annotations

from memcli.operations.writing.transaction import transaction
from memcli.workspace import Workspace


def drain(workspace: Workspace) -> None:
    """Carry out all that waits."""
    with transaction(workspace):
        pass
