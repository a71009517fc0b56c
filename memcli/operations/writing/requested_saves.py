"""Saves that hooks have asked for: entries without edits, carried out by whoever drains.

Invariant: the files' edits are in the journal before the request leaves it; done twice it is done once.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.session.verbs import SAVE
from memcli.errors import MemError
from memcli.git.layout import Layout, session_worktrees
from memcli.git.worktrees import Worktree
from memcli.operations.writing.session_files import refresh, written
from memcli.state.journal import Entry
from memcli.workspace import Workspace

Pending = tuple[Path, Entry | ValueError]


@dataclass(frozen=True)
class Taken:
    """A worktree whose files are in the journal now; it may follow its session once that is committed."""

    home: Workspace
    worktree: Worktree
    texts: dict[str, str]


def is_asked(entry: Entry) -> bool:
    """Whether an entry asks for a save; the save itself has edits."""
    return entry.verb == SAVE and not entry.edits


def taken_from(workspace: Workspace) -> tuple[list[Pending], list[Taken]]:
    """What waits, with edits in place of every save that was asked for. Call it with the lock held."""
    pending = list(workspace.journal.pending())
    asked: dict[str, list[tuple[Path, Entry]]] = {}
    for file, entry in pending:
        if isinstance(entry, Entry) and entry.op == file.name and is_asked(entry):
            asked.setdefault(entry.session, []).append((file, entry))
    if not asked:
        return pending, []
    homes = dict(session_worktrees(workspace.layout))
    taken = [_taken(workspace, items, homes.get(name)) for name, items in asked.items()]
    return list(workspace.journal.pending()), [one for one in taken if one]


def _taken(workspace: Workspace, items: list[tuple[Path, Entry]], layout: Layout | None) -> Taken | None:
    files, last = [file for file, _ in items], items[-1][1]
    try:
        found = _saved(workspace, last, layout) if layout else None
    except (MemError, OSError) as error:
        for file in files:  # what was written stays in its worktree, for the next save
            workspace.journal.set_aside(file, getattr(error, "message", None) or str(error))
        return None
    kept = workspace.journal.home / last.op if found and found.texts else None
    workspace.journal.finish([file for file in files if file != kept], workspace.now)
    return found


def _saved(workspace: Workspace, entry: Entry, layout: Layout) -> Taken | None:
    """The worktree's edits in the request's place, as an entry of the agent whose session it is."""
    name = workspace.selection.successor(entry.session)
    if not workspace.selection.is_open(name) and not workspace.selection.has_ended(name):
        return None
    home = workspace.elsewhere(layout, name, workspace.sessions.load(name, ended=True).agent or entry.agent)
    worktree = Worktree(home.layout, home.odb, entry.session)
    if not worktree.exists:
        return None
    found = written(home, worktree, name)
    if found.edits:
        note = {**entry.note, "summary": found.summary}
        workspace.journal.append(replace(entry, agent=home.config.agent, edits=found.edits, note=note))
    return Taken(home, worktree, {edit.path: edit.text for edit in found.edits})


def follow(taken: Iterable[Taken]) -> None:
    """Let the worktrees follow their sessions' tips; what does not follow now does with the next save."""
    for one in taken:
        with suppress(MemError, OSError):
            name = one.home.selection.successor(one.worktree.session)
            refresh(one.home, one.worktree, name, one.texts)
