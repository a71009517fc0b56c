"""A session's worktree: a detached, locked git worktree in which an agent needs nothing but a text editor.

Contract: files are written from blobs by us (no attributes, filters, line-ending conversion or sparse patterns) and
only where somebody else's would not be lost (`operations.writing.session_files`); the user's index, HEAD and branches
are not involved.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memcli.errors import Failure
from memcli.git.command import run_git
from memcli.git.layout import (
    SESSION_MARK,
    Layout,
    git_dir_at,
    is_git_dir,
    linked_worktrees,
    marked_session,
    session_entry,
    session_mark,
    text_of_file,
)
from memcli.git.odb import Odb
from memcli.git.ref_files import read_ref
from memcli.git.ref_locks import SILENT
from memcli.git.tree_dir import make_tree_dir
from memcli.git.worktree_links import forget, link, mend_links, refuse_users_worktree
from memcli.system import durable_files
from memcli.system.shared_files import read_regular

MAX_READ = 1 << 20
"""Bytes read of a file; more than any memory may have, so that a huge one is refused without being loaded."""


@dataclass(frozen=True)
class Worktree:
    """The worktree of one session; `path` need not exist yet."""

    layout: Layout
    odb: Odb
    session: str

    @property
    def path(self) -> Path:
        return Path(self.layout.tree_dir, self.session)

    @property
    def exists(self) -> bool:
        """Whether there is one that this user may see."""
        try:
            return (self.path / ".git").is_file()
        except PermissionError:
            return False

    @property
    def is_registered(self) -> bool:
        """Whether git knows the worktree, also where its links are broken after a move."""
        return self.exists and session_entry(self.layout, self.session) is not None

    def create(self, commit: str) -> None:
        """Add the worktree at a commit, without files; those in a directory that is there stay. Raises Failure."""
        git_dir = self._prepare()
        if git_dir is None:
            place = self.path if not self.path.exists() else self.path.with_name(f".{self.session}.{os.getpid()}")
            arguments = ("worktree", "add", "--detach", "--no-checkout", "--lock", "--reason", self._lock_reason)
            run_git(self.layout.common_dir, *arguments, str(place), commit)
            git_dir = git_dir_at(str(place / ".git"))
            if place != self.path:
                (place / ".git").replace(self.path / ".git")
                place.rmdir()
        durable_files.replace(str(Path(git_dir, SESSION_MARK)), session_mark(self.layout, self.session))
        link(str(self.path), git_dir)

    @property
    def _lock_reason(self) -> str:
        return f"mem session {self.session}"

    def _prepare(self) -> str | None:
        """Clear the way; the git directory where it is there, without a link to it or without our mark. Raises
        Failure."""
        make_tree_dir(self.layout)
        git_dir = session_entry(self.layout, self.session) or self._unmarked
        is_no_directory = self.path.is_symlink() or (self.path.exists() and not self.path.is_dir())
        if is_no_directory or (git_dir is None and self._is_users):
            raise Failure(f"{self.path} is in the way", "move it elsewhere, then run the command again")
        if git_dir and self.path.is_dir():
            return git_dir
        if git_dir:
            forget(git_dir, self.session)
        (self.path / ".git").unlink(missing_ok=True)
        refuse_users_worktree(self.layout, str(self.path))
        return None

    @property
    def _unmarked(self) -> str | None:
        """The git directory that a process made which was killed before it could mark it."""
        for git_dir, worktree in linked_worktrees(self.layout):
            if worktree == str(self.path) and text_of_file(git_dir, "locked").strip() == self._lock_reason:
                return git_dir
        return None

    @property
    def _is_users(self) -> bool:
        """Whether the directory is a repository or worktree that somebody else has made here."""
        entry = self.path / ".git"
        if not entry.is_file():
            return entry.exists()
        git_dir = git_dir_at(str(entry))
        return is_git_dir(git_dir) and marked_session(git_dir) != self.session

    @property
    def git_dir(self) -> str:
        """What git keeps of this worktree, with its links mended. Raises Failure where git does not know it."""
        git_dir = session_entry(self.layout, self.session)
        if git_dir is None:
            hint = f"'mem session path --session {self.session}' registers it again and keeps its files"
            raise Failure(f"git no longer knows the worktree {self.path}", hint)
        mend_links(str(self.path), git_dir)
        return git_dir

    @property
    def head(self) -> str:
        """The commit the files were written from (or that somebody has made here by hand)."""
        return read_ref(Layout(self.git_dir, self.layout.common_dir), "HEAD") or ""

    def read(self, path: str) -> bytes | None:
        """A regular file's bytes (the first MiB and one more), None for anything else."""
        return read_regular(self.path / path, MAX_READ + 1)

    def files(self) -> list[str]:
        """The paths of everything here but git's own file, sorted; of links themselves, and of a repository within,
        its `.git`."""
        found: list[str] = []
        for place, directories, names in os.walk(self.path, followlinks=False):
            relative = Path(place).relative_to(self.path)
            within = [name for name in directories if name == ".git" or (Path(place) / name).is_symlink()]
            directories[:] = sorted(name for name in directories if name != ".git")
            found += [(relative / name).as_posix() for name in (*names, *within)]
        return sorted(path for path in found if path != ".git")

    def follow(self, commit: str, tracked: Iterable[str]) -> None:
        """Set HEAD and the index to a commit; files that are not here count as skipped, not as deleted.

        Where git is at work here (its lock is there) that is left to the next save: all is recorded already.
        """
        import pygit2

        here, git_dir = set(self.files()), self.git_dir
        absent = [path for path in tracked if path not in here]
        self._drop_stale_lock(git_dir)
        with suppress(pygit2.GitError, Failure):
            pygit2.Repository(git_dir).set_head(pygit2.Oid(hex=commit))
            run_git(git_dir, "read-tree", commit, worktree=str(self.path))
            if absent:
                marks = "\0".join(absent) + "\0"
                options = ("-z", "--skip-worktree", "--stdin")
                run_git(git_dir, "update-index", *options, stdin=marks, worktree=str(self.path))

    def _drop_stale_lock(self, git_dir: str) -> None:
        """A save that was killed leaves the lock of this worktree's own HEAD, which git holds for milliseconds."""
        lock = Path(git_dir, "HEAD.lock")
        with suppress(FileNotFoundError):
            if time.time() - lock.stat().st_mtime > SILENT:
                lock.unlink()

    def remove(self) -> bool:
        """Remove the directory and git's entry of it, if no file is left in it; otherwise it stays (False)."""
        entry, aside = self.git_dir, self.path.with_name(f".{self.session}.git")
        for place, _, _ in os.walk(self.path, topdown=False):
            with suppress(OSError):
                if Path(place) != self.path:
                    Path(place).rmdir()
        (self.path / ".git").rename(aside)
        try:
            self.path.rmdir()
        except OSError:
            aside.rename(self.path / ".git")
            return False
        aside.unlink()
        with suppress(Failure):  # a branch that somebody has checked out there stays theirs
            forget(entry, self.session)
        return True
