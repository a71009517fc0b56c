"""All that mem has below the code worktrees of a repository: the files of sessions, and what it keeps beside them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memcli.branch import ENDED, SESSIONS
from memcli.errors import MemError
from memcli.git.layout import (
    Layout,
    all_worktrees,
    is_noted_as_session,
    marked_session,
    noted_worktree,
    session_worktrees,
)
from memcli.git.odb import Odb
from memcli.git.ref_files import read_ref
from memcli.git.worktree_links import forget
from memcli.git.worktrees import Worktree
from memcli.operations.writing.session_files import SAVED, SessionFiles
from memcli.operations.writing.worktree_sync import unsaved_paths
from memcli.store import Store

_OURS = (SAVED, "spool", ".gitignore")
"""What stands in `.mem` beside the directories of sessions."""


@dataclass(frozen=True)
class SessionDirectories:
    """The directories of one repository's sessions."""

    layout: Layout
    odb: Odb
    store: Store

    def worktrees(self) -> list[Worktree]:
        """Those whose directory is there."""
        pairs = dict(session_worktrees(self.layout)).items()
        worktrees = (Worktree(code, self.odb, session) for session, code in pairs)
        return [worktree for worktree in worktrees if worktree.exists]

    def unsaved(self) -> list[str]:
        """The files in them that are in no commit of their session, relative to the caller's worktree."""
        return [
            os.path.relpath(worktree.path / path, self.layout.worktree or self.layout.git_dir)
            for worktree in self.worktrees()
            for path in self._unsaved_in(worktree)
        ]

    def _unsaved_in(self, worktree: Worktree) -> list[str]:
        refs = (read_ref(self.layout, prefix + worktree.session) for prefix in (SESSIONS, ENDED))
        tip, files = next(filter(None, refs), None), SessionFiles(worktree)
        files.known.load()
        try:
            return unsaved_paths(files, self.odb.files(self.store.tree_of(tip)) if tip else {})
        except (MemError, OSError):
            return files.paths()

    def remove(self) -> None:
        """Remove all of it, saved or not; what is not ours stays. Raises Failure, OSError."""
        for worktree in self.worktrees():
            shutil.rmtree(worktree.path)
        for git_dir in self._entries():
            forget(git_dir, marked_session(git_dir))
        for directory in self.homes():
            for name in (SAVED, "spool"):
                shutil.rmtree(directory / name, ignore_errors=True)
            if not list(self._foreign_in(directory)):
                (directory / ".gitignore").unlink(missing_ok=True)
                with suppress(OSError):
                    directory.rmdir()

    def _entries(self) -> list[str]:
        """git's entries of sessions' worktrees whose directories are gone."""
        marked = ((git_dir, marked_session(git_dir)) for git_dir, _ in all_worktrees(self.layout))
        ours = [git_dir for git_dir, session in marked if session and is_noted_as_session(git_dir, session)]
        return [git_dir for git_dir in ours if not Path(noted_worktree(git_dir)).exists()]

    def homes(self) -> list[Path]:
        """Every `.mem` in a code worktree."""
        places = (Path(code.tree_dir) for code in self.code())
        return [place for place in places if place.is_dir()]

    def pointers(self) -> list[Path]:
        """The directories `mem` of linked worktrees, which say what their current session is."""
        places = (Path(code.git_dir, "mem") for code in self.code() if code.git_dir != self.layout.common_dir)
        return [place for place in places if place.is_dir()]

    def code(self) -> list[Layout]:
        """The code's worktrees that are there, the caller's first."""
        others = ((git_dir, tree) for git_dir, tree in all_worktrees(self.layout) if not marked_session(git_dir))
        own, common = self.layout, self.layout.common_dir
        layouts = [Layout(git_dir, common, tree) for git_dir, tree in others if tree and git_dir != own.git_dir]
        return [own, *layouts] if own.worktree else layouts

    def foreign(self) -> list[str]:
        """What stands below a `.mem` and is not ours."""
        return [str(path) for directory in self.homes() for path in self._foreign_in(directory)]

    def _foreign_in(self, directory: Path) -> Iterator[Path]:
        ours = {worktree.path for worktree in self.worktrees()}
        return (path for path in sorted(directory.iterdir()) if path.name not in _OURS and path not in ours)
