"""`mem session show`: one session with its candidates."""

from __future__ import annotations

from dataclasses import replace

from memcli.operations.sessions.list import SessionSummary, summarise_session
from memcli.operations.views.reader import Reader
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace


def session_summary(workspace: Workspace, name: str) -> SessionSummary:
    """One session, open or ended, with what its worktree holds that cannot be saved; an agent is shown nothing
    about excluded code paths. Raises NotFound."""
    drain_before_reading(workspace)
    ahead = with_waiting_entries(workspace)
    summary = summarise_session(ahead.sessions.load(name, ended=True), ahead.sessions, ahead.layout)
    shown = tuple(Reader(workspace).visibility.visible(summary.candidates))
    return replace(summary, candidates=shown, findings=unsaved_files(ahead, name).findings)
