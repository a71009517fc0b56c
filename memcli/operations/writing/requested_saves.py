"""Saves that hooks have requested: entries without edits, carried out by whoever drains.

Invariant: the files' edits are in the journal before the request leaves it; done twice it is done once.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.core.session.entry_verbs import SAVE
from memcli.errors import MemError
from memcli.git.layout import Layout, session_worktrees
from memcli.state.journal import JournalEntry
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.operations.writing.session_files import SessionFiles


@dataclass(frozen=True)
class _Saved:
    """A worktree whose files are in the journal now; it may follow its session once that is committed."""

    home: Workspace
    files: SessionFiles
    has_edits: bool


class RequestedSaves:
    """The saves that wait in the journal when a drain begins. Call it with the lock held."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._journal = workspace, workspace.journal
        self._saved: list[_Saved] = []
        self.delayed = set[Path]()
        """The requests that an error of the moment leaves for the next drain."""

    def write_entries(self) -> None:
        """Put entries with the edits of the worktrees in the place of the requests."""
        requests: dict[str, list[tuple[Path, JournalEntry]]] = {}
        for file, entry in self._journal.pending():
            if isinstance(entry, JournalEntry) and entry.op == file.name and entry.verb == SAVE and not entry.edits:
                requests.setdefault(entry.session, []).append((file, entry))
        layouts = dict(session_worktrees(self._workspace.layout)) if requests else {}
        for session, waiting in requests.items():
            self._save([file for file, _ in waiting], waiting[-1][1], layouts.get(session))

    def _save(self, files: Sequence[Path], last: JournalEntry, layout: Layout | None) -> None:
        """Save the worktree of one session's requests, of which the last becomes the entry."""
        try:
            saved = self._write_entry(last, layout) if layout else None
        except (MemError, OSError) as error:
            if isinstance(error, MemError) and not error.retryable:
                for file in files:  # what was written stays in its worktree
                    self._journal.set_aside(file, error.message)
            else:
                self.delayed.update(files)
            return
        kept = self._journal.home / last.op if saved and saved.has_edits else None
        self._journal.finish([file for file in files if file != kept], self._workspace.now)
        self._saved += [saved] if saved else []

    def _write_entry(self, request: JournalEntry, layout: Layout) -> _Saved | None:
        """The worktree's edits in the request's place, as an entry of the agent whose session it is."""
        from memcli.git.worktrees import Worktree
        from memcli.operations.writing.session_files import SHORT_PATIENCE, SessionFiles
        from memcli.operations.writing.worktree_edits import read_edits, record_edits  # few drains need the index

        selection = self._workspace.selection
        name = selection.successor(request.session)
        if not selection.is_open(name) and not selection.has_ended(name):
            return None
        agent = self._workspace.sessions.load(name, ended=True).agent or request.agent
        home = self._workspace.in_worktree(layout, name, agent)
        worktree = Worktree(home.layout, home.odb, request.session)
        if not worktree.exists:
            return None
        files = SessionFiles(worktree, SHORT_PATIENCE)
        with files.locked():
            edits = read_edits(home, files, name)
            note = {**request.note, "summary": edits.summary}
            entry = replace(request, agent=home.config.agent, edits=edits.edits, note=note)
            record_edits(files, edits, entry.op, lambda: self._journal.append(entry))
        return _Saved(home, files, bool(edits.edits))

    def update_worktrees(self) -> None:
        """Let the worktrees follow their sessions' tips; what does not follow now does with the next save."""
        if not self._saved:
            return
        from memcli.operations.writing.worktree_sync import follow_session

        for saved in self._saved:
            with suppress(MemError, OSError), saved.files.locked():
                session = saved.home.selection.successor(saved.files.worktree.session)
                follow_session(saved.home.store, saved.home.oplog, saved.files, session)
