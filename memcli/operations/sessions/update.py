"""`mem session update`: merge later promotions into a session."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.record import record_entry
from memcli.workspace import Workspace


@dataclass(frozen=True)
class UpdatedSession:
    """A session after an update, and the commit of the store it is based on now."""

    session: str
    state: str
    base: str


def update_session(workspace: Workspace, name: str) -> UpdatedSession:
    """Merge the promotions since the session's base into it, by memory. Raises NotFound."""
    save_if_present(workspace, name)
    workspace.sessions.load(name)
    written = record_entry(workspace, workspace.actor.entry("update", name, note={"summary": name}))
    save_if_present(workspace, name)
    return UpdatedSession(name, written.state, workspace.sessions.load(name).base)
