"""The drafts of what people type in an editor: where one is kept, and which one a command goes on with."""

from __future__ import annotations

import os

from memcli.branch import store_to_write
from memcli.core.memory.identity import short
from memcli.errors import NotFound
from memcli.state.drafts import Draft as Draft
from memcli.state.drafts import Drafts, DraftSubject
from memcli.workspace import Workspace


def create_draft(workspace: Workspace, what: str, text: str, memory_id: str = "", blob: str = "") -> Draft:
    """A draft that begins with a text; `blob` is the version of a file that is changed.

    Raises NoStore or Usage, before anything is typed, where nothing could be recorded, and Failure where nothing could
    be kept.
    """
    store_to_write(workspace.layout)
    workspace.selection.writable()
    start = blob or os.urandom(20).hex()
    subject = DraftSubject(what, short(memory_id), start, workspace.config.session or "")
    return Drafts(workspace.layout).create(subject, text.encode("utf-8", "surrogateescape"))


def list_drafts(workspace: Workspace) -> list[Draft]:
    """Every draft of the repository, and those of this worktree's spool."""
    return Drafts(workspace.layout).all()


def find_draft(workspace: Workspace, what: str, name: str, memory_id: str = "") -> Draft:
    """The draft of that name, if it is for this command and memory. Raises NotFound, which names those there are."""
    draft = Drafts(workspace.layout).find(name)
    if draft and draft.subject.what == what and draft.subject.memory == short(memory_id):
        return draft
    if draft:
        raise NotFound(f"the draft {draft.name} is for another command", f"go on with '{draft.command}'")
    names = ", ".join(draft.name for draft in list_drafts(workspace)) or "none"
    raise NotFound(
        f"no draft {name[:80]!r} (kept: {names})", "'mem add --draft' lists drafts, and how to go on with each"
    )
