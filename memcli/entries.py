"""Entries for the journal: who does what to which session, with nothing in it that is marked private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memcli.core.memory.instants import format_instant
from memcli.core.review.private import has_private, without_private
from memcli.errors import Refused
from memcli.state.journal import Entry, FileEdit
from memcli.workspace import Workspace


def entry_for(
    workspace: Workspace, verb: str, session: str, edits: Sequence[FileEdit] = (), note: Mapping[str, str] | None = None
) -> Entry:
    """A journal entry of the caller's, at this call's instant, about the code branch that is checked out."""
    from memcli.git.ref_files import current_branch

    said = {"code_branch": current_branch(workspace.layout) or "", "harness_id": workspace.config.harness_id or ""}
    said = {key: value for key, value in said.items() if value}
    noted = {key: without_private(value)[0] for key, value in {**said, **(note or {})}.items()}
    refuse_private(edits)
    at = format_instant(workspace.now)
    agent = workspace.config.agent
    return Entry(workspace.new_op(), verb, session, workspace.actor, agent, at, tuple(edits), noted)


def refuse_private(edits: Sequence[FileEdit]) -> None:
    """The last look before the journal: whoever makes an edit has taken out what is private. Raises Refused."""
    if any(has_private(text) for edit in edits for text in (edit.path, edit.text)):
        raise Refused("a text marks something as private", "leave out what is between <private> and </private>")
