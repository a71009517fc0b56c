"""`mem session show`: one session with its candidates."""

from __future__ import annotations

from dataclasses import replace

from memcli.operations.sessions.list import SessionSummary, summarise_session
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.workspace import Workspace


def session_summary(workspace: Workspace, name: str) -> SessionSummary:
    """One session, open or ended, with what its worktree holds that cannot be saved. Raises NotFound."""
    drain_before_reading(workspace)
    summary = summarise_session(workspace.sessions.load(name, ended=True), workspace.sessions, workspace.layout)
    return replace(summary, findings=unsaved_files(workspace, name).findings)
