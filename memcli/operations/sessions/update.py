"""`mem session update`: merge later promotions into a session."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.review.candidates import Candidate
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.record import record_entry
from memcli.workspace import Workspace


@dataclass(frozen=True)
class UpdatedSession:
    """A session after an update, and the commit of the store it is based on now; `conflicts`: the candidates that hold
    both sides of a merge, which a person has to resolve."""

    session: str
    state: str
    base: str
    conflicts: tuple[Candidate, ...] = ()


def update_session(workspace: Workspace, name: str) -> UpdatedSession:
    """Merge the promotions since the session's base into it, by memory. Raises NotFound."""
    save_if_present(workspace, name)
    workspace.sessions.load(name)
    written = record_entry(workspace, workspace.actor.entry("update", name, note={"summary": name}))
    save_if_present(workspace, name)
    session = workspace.sessions.load(name)
    candidates = workspace.sessions.candidates(session)
    conflicts = tuple(candidate for candidate in candidates if candidate.after and candidate.after.conflict)
    return UpdatedSession(name, written.state, session.base, conflicts)
