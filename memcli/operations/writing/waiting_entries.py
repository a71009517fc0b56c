"""What readers of sessions see of the entries that wait in the journal: below a read-only `.git` they wait for long."""

from __future__ import annotations

from memcli.workspace import Workspace


def with_waiting_entries(workspace: Workspace) -> Workspace:
    """The same call, to read sessions with what waits for them; the call itself where nothing waits."""
    if not workspace.journal.files():
        return workspace
    from memcli.operations.writing.look_ahead import look_ahead  # seldom anything waits

    return look_ahead(workspace)
