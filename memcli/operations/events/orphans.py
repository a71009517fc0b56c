"""Sessions whose harness is gone without a word: found at the next beginning, ended like any other.

Invariant: only what a harness began and marked is ever swept; a living process keeps its session.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from memcli.core.session import trailers
from memcli.core.session.state import BRANCH_MERGED, OPEN, Session
from memcli.core.session.verbs import END, SAVE
from memcli.errors import MemError
from memcli.operations.provenance.code_branches import branch_state
from memcli.state import liveness
from memcli.workspace import Workspace


def sweep(workspace: Workspace) -> bool:
    """Have every session that was left behind saved and ended by who drains next; whether any is to be worked off."""
    found = liveness.abandoned_sessions(workspace.layout.mem_dir)
    for name, known in found:
        with suppress(MemError, OSError):  # one that another process has just closed holds nobody up
            if (not known or not _is_told(workspace, name)) and liveness.is_abandoned(workspace.layout.mem_dir, name):
                end(workspace, name, "gone")
    return bool(found)


def merged_sessions(workspace: Workspace) -> list[Session]:
    """Agents' sessions whose code branch was merged, and that nobody is at work in."""
    gone = {name for name, _ in liveness.abandoned_sessions(workspace.layout.mem_dir)}
    return [
        one
        for one in workspace.sessions.all()
        if one.agent
        and (one.name in gone or not liveness.is_marked(workspace.layout.mem_dir, one.name))
        and branch_state(workspace.layout, one) == BRANCH_MERGED
    ]


def _is_told(workspace: Workspace, name: str) -> bool:
    """Whether the end is in the session or on its way there: a kill may have come between the mark and the note."""
    if any(entry.verb == END for entry in workspace.journal.entries(name)):
        return True
    return not workspace.selection.is_open(name) or workspace.sessions.load(name).ended is not None


def end(workspace: Workspace, name: str, reason: str) -> None:
    """Note in the journal that a session is over."""
    said = replace(workspace.actor.entry(SAVE, name), note={"event": "sweep"})
    workspace.journal.append(said)
    workspace.journal.append(replace(workspace.actor.entry(END, name), note={"summary": reason}))
    with suppress(OSError):
        liveness.mark_ended(workspace.layout.mem_dir, name)


def begin_anew(workspace: Workspace, name: str) -> bool:
    """Note that a session which was over, or whose end is on its way, goes on; whether there was anything to note."""
    is_told = any(entry.verb == END for entry in workspace.journal.entries(name))
    if not is_told and not workspace.selection.is_open(name):
        return False
    session = workspace.sessions.load(name) if workspace.selection.is_open(name) else None
    if not is_told and session and session.state == OPEN and not session.ended:
        return False
    entry = workspace.actor.entry("reopen", name, note={"summary": name, trailers.STATE: OPEN})
    workspace.journal.append(entry)
    return True
