"""A session's worktree: a detached, locked git worktree in which an agent needs nothing but a text editor.

Contract: files are written from blobs by us (no attributes, filters, line-ending conversion or sparse patterns) and
never through a symbolic link; a file that somebody has changed is never overwritten; the user's index, HEAD and
branches are not involved.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memcli.errors import Failure
from memcli.git.command import run_git
from memcli.git.layout import SESSION_MARK, Layout, linked_worktrees, path_in
from memcli.git.odb import Odb
from memcli.git.ref_files import read_ref
from memcli.git.ref_locks import SILENT
from memcli.git.tree_dir import make_tree_dir
from memcli.system import durable_files

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
        return (self.path / ".git").is_file()

    def create(self, commit: str) -> None:
        """Add the worktree at a commit, without files. Raises Failure."""
        self._prepare()
        reason = f"mem session {self.session}"
        arguments = ("worktree", "add", "--detach", "--no-checkout", "--lock", "--reason", reason)
        place = self.path if not self.path.exists() else self.path.with_name(f".{self.session}.{os.getpid()}")
        run_git(self.layout.common_dir, *arguments, str(place), commit)
        if place != self.path:
            self._move_in(place)
        mark = {"session": self.session, "git_dir": self.layout.git_dir, "worktree": self.layout.worktree}
        durable_files.replace(str(self._git_dir / SESSION_MARK), json.dumps(mark).encode())

    def _move_in(self, place: Path) -> None:
        """Make a worktree of a directory that is there: its agent writes on after the worktree was taken away."""
        Path(path_in(place / ".git"), "gitdir").write_bytes(os.fsencode(self.path / ".git") + b"\n")
        (place / ".git").replace(self.path / ".git")
        place.rmdir()

    def _prepare(self) -> None:
        make_tree_dir(self.layout)
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()) or (self.path / ".git").exists():
            raise Failure(f"{self.path} is in the way", "move it elsewhere, then run the command again")
        if self._is_missing_but_registered():
            run_git(self.layout.common_dir, "worktree", "prune", "--expire", "now")

    def _is_missing_but_registered(self) -> bool:
        """Somebody has removed the directory but git still knows it; only our own entries are ever pruned."""
        for git_dir, worktree in linked_worktrees(self.layout):
            if Path(worktree) == self.path:
                Path(git_dir, "locked").unlink(missing_ok=True)
                return True
        return False

    @property
    def _git_dir(self) -> Path:
        return Path(path_in(self.path / ".git"))

    @property
    def head(self) -> str:
        """The commit the files were written from (or that somebody has made here by hand)."""
        return read_ref(Layout(str(self._git_dir), self.layout.common_dir), "HEAD") or ""

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, making directories; raises Failure where a link stands in the way."""
        for path, data in files.items():
            target = self.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_symlink() or not target.parent.resolve().is_relative_to(self.path.resolve()):
                raise Failure(f"{target} is a symbolic link", "replace it by a file, then run the command again")
            temporary = target.with_name(f".{target.name}.{os.getpid()}")
            temporary.write_bytes(data)
            temporary.replace(target)

    def read(self, path: str) -> bytes | None:
        """A regular file's bytes (the first MiB and one more), None for anything else."""
        try:
            handle = os.open(self.path / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as stream:
            return stream.read(MAX_READ + 1) if stat.S_ISREG(os.fstat(handle).st_mode) else None

    def files(self) -> list[str]:
        """The paths of everything here but git's own file, links and directories' links not followed, sorted."""
        found: list[str] = []
        for place, directories, names in os.walk(self.path, followlinks=False):
            directories[:] = sorted(name for name in directories if name != ".git")
            links = [name for name in directories if (Path(place) / name).is_symlink()]
            relative = Path(place).relative_to(self.path)
            found += [(relative / name).as_posix() for name in (*names, *links) if name != ".git"]
        return sorted(found)

    def follow(self, commit: str, tracked: Iterable[str]) -> None:
        """Set HEAD and the index to a commit; files that are not here count as skipped, not as deleted.

        Where git is at work here (its lock is there) that is left to the next save: all is recorded already.
        """
        import pygit2

        here = set(self.files())
        absent = [path for path in tracked if path not in here]
        self._drop_stale_lock()
        with suppress(pygit2.GitError, Failure):
            pygit2.Repository(str(self.path)).set_head(pygit2.Oid(hex=commit))
            run_git(self.path, "read-tree", commit)
            if absent:
                run_git(self.path, "update-index", "-z", "--skip-worktree", "--stdin", stdin="\0".join(absent) + "\0")

    def _drop_stale_lock(self) -> None:
        """A save that was killed leaves the lock of this worktree's own HEAD, which git holds for milliseconds."""
        lock = self._git_dir / "HEAD.lock"
        with suppress(FileNotFoundError):
            if time.time() - lock.stat().st_mtime > SILENT:
                lock.unlink()

    def remove(self) -> None:
        """Take the worktree away; call it when nothing unsaved is in it."""
        run_git(self.layout.common_dir, "worktree", "unlock", str(self.path))
        run_git(self.layout.common_dir, "worktree", "remove", "--force", str(self.path))
