"""`mem session show`: one session with its candidates."""

from __future__ import annotations

from memcli.operations.sessions.list import SessionSummary, summarise_session
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace


def session_summary(workspace: Workspace, name: str) -> SessionSummary:
    """One session, open or ended. Raises NotFound."""
    drain_before_reading(workspace)
    return summarise_session(workspace.sessions.load(name, ended=True), workspace.sessions, workspace.layout)
