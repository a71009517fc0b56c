"""`mem session save`: the files changed in a session's worktree become candidates, merged three-way by memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from memcli.core.finding import Finding
from memcli.core.session.entry_verbs import SAVE
from memcli.errors import NotFound
from memcli.git.worktrees import Worktree
from memcli.operations.writing.session_home import session_home
from memcli.workspace import Workspace

_ROUNDS = 3
"""Saves of one call: what somebody writes into a file just while it gives way to a newer one is saved too."""


@dataclass(frozen=True)
class SavedSession:
    """`saved`: the paths recorded; `findings`: about files that could not be, by line; `strays`: other files;
    `more_findings`: about those, and about files whose save was undone."""

    session: str
    state: str
    saved: tuple[str, ...]
    findings: tuple[Finding, ...]
    strays: tuple[str, ...]
    more_findings: tuple[Finding, ...] = ()


def save_if_present(workspace: Workspace, name: str) -> None:
    """Save the session's worktree, wherever it is, where the session is open and has one."""
    home = session_home(workspace, name)
    if home:
        save_session(home, name)


def save_session(workspace: Workspace, name: str) -> SavedSession:
    """Record every changed file of the worktree as one operation, then bring HEAD and unchanged files up to date.

    Raises NotFound where the session is not open or has no worktree.
    """
    # not at the top: most promotions find no worktree to save
    from memcli.operations.writing.record import COMMITTED, record_entry
    from memcli.operations.writing.session_files import SessionFiles
    from memcli.operations.writing.unsaved_files import findings_beside_edits
    from memcli.operations.writing.worktree_edits import read_edits, record_edits
    from memcli.operations.writing.worktree_sync import follow_session

    worktree, session = Worktree(workspace.layout, workspace.odb, name), workspace.sessions.load(name)
    if not worktree.exists:
        raise NotFound(f"session {name} has no worktree", f"'mem session path --session {name}' creates one")
    files, state, saved = SessionFiles(worktree), COMMITTED, dict[str, None]()
    for _ in range(_ROUNDS):
        with files.locked():
            edits = read_edits(workspace, files, name)
            entry = workspace.actor.entry(SAVE, session.name, edits.edits, {"summary": edits.summary})
            place = record_edits(files, edits, entry.op, partial(workspace.journal.append, entry))
        if edits.edits:
            state = record_entry(workspace, entry, place).state
        if state == COMMITTED:
            with files.locked():
                follow_session(workspace.store, workspace.oplog, files, name)
        saved |= dict.fromkeys(edits.paths)
        if not any(displaced.is_unsaved for displaced in files.displaced):
            break
    return SavedSession(name, state, tuple(saved), edits.findings, edits.strays, findings_beside_edits(edits))
