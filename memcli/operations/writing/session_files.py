"""The files in a session's worktree, which their author and mem write at the same time.

Contract: a file is replaced or taken away only if it holds the bytes that were read, compared in the step in which it
gives way; otherwise it stays the author's. Work `locked`: that keeps other processes of mem out, authors never wait.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from shutil import rmtree

from memcli.core.memory.anchors import blob_id
from memcli.errors import Busy, Failure
from memcli.git.worktrees import Worktree
from memcli.operations.writing.displaced_files import DisplacedFiles
from memcli.operations.writing.known_files import KnownFile, KnownFiles
from memcli.state.lock import hold
from memcli.system.shared_files import exchange, place

SAVED = ".saved"
"""The directory beside those of the sessions; no session has such a name."""
PATIENCE, SHORT_PATIENCE = 30.0, 1.0
"""Seconds to wait for another process of mem that works on the same files; the second while somebody waits for this
one: with the store's lock, or in a hook."""
LEFTOVERS = (".DS_Store", "Thumbs.db", "*~", "*.swp", ".#*")
"""The names of files that operating systems and editors leave; nobody means them to be kept."""
QUIET = 2.0
"""Seconds after which a file that its author has written may be replaced: until then they are most likely still at
it."""


class SessionFiles:
    """The files of one session's worktree, what is known about them, and those that gave way to newer ones."""

    def __init__(self, worktree: Worktree, patience: float = PATIENCE) -> None:
        self.worktree, self._patience = worktree, patience
        self._home = worktree.path.with_name(SAVED) / worktree.session
        self.known = KnownFiles(self._home / "known.json")
        self.displaced = DisplacedFiles(self._home)
        self._quiet_since = time.time() - QUIET

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Work on the files alone among the processes of mem; what becomes known is kept at the end. Raises Busy."""
        with ExitStack() as stack:
            with suppress(OSError):  # where nothing can be written, nothing is
                if not stack.enter_context(hold(self._home / "lock", self._patience)):
                    raise Busy(f"another mem process works on the files of {self.worktree.session}", "retry")
            self.known.load()
            self.displaced.tidy()
            try:
                yield
            finally:
                with suppress(OSError):
                    self.known.keep()

    def paths(self) -> list[str]:
        """The paths of all files, without what operating systems and editors leave."""
        return [path for path in self.worktree.files() if not _is_leftover(path)]

    def delete_leftovers(self) -> None:
        """Delete what operating systems and editors have left."""
        for path in filter(_is_leftover, self.worktree.files()):
            with suppress(OSError):
                (self.worktree.path / path).unlink()

    def is_gone(self, path: str) -> bool:
        """Whether a file that was here is here no more."""
        return path in set(self.known) and not (self.worktree.path / path).exists()

    def holds(self, path: str, known: KnownFile) -> bool:
        """Whether a file holds what was read or recorded."""
        data = self.worktree.read(path)
        return data is not None and known.holds(data)

    def is_quiet(self, path: str) -> bool:
        """Whether nobody has written a file for a while before this call looked at it."""
        try:
            return (self.worktree.path / path).stat().st_mtime < self._quiet_since
        except OSError:
            return False

    def replace(self, path: str, expected: bytes, data: bytes, known: KnownFile) -> bool:
        """Put other bytes into a file that holds the expected ones; whether that is done. Raises Failure."""
        target = self._target(path)
        with suppress(OSError):
            displaced = self.displaced.prepared(path, data, replace(known, read=blob_id(expected)))
            with suppress(OSError):
                displaced.file.chmod(target.stat().st_mode & 0o777)
                exchange(displaced.file, target)
                if displaced.data == expected:
                    return True
                exchange(displaced.file, target)  # the author was quicker
            if not displaced.is_unsaved:
                self.displaced.drop(displaced)
        return False

    def create(self, path: str, data: bytes, blob: str) -> bool:
        """Make a file, from a blob of the store, where none is; whether that is done. Raises Failure, OSError."""
        target = self._target(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        displaced = self.displaced.prepared(path, data, KnownFile())
        try:
            place(displaced.file, target)
        except FileExistsError:
            return False
        finally:
            self.displaced.drop(displaced)
        self.known.note(path, KnownFile(blob_id(data), blob))
        return True

    def take_away(self, path: str, known: KnownFile) -> bool:
        """Take away a file that holds what was read or recorded; whether that is done. Raises Failure."""
        data = self.worktree.read(path)
        if data is None or not known.holds(data):
            return False
        target = self._target(path)
        with suppress(OSError):
            displaced = self.displaced.room(path, replace(known, read=blob_id(data)))
            with suppress(OSError):
                target.rename(displaced.file)
                if displaced.data == data:
                    return True
                place(displaced.file, target)
            if not displaced.file.exists():
                self.displaced.drop(displaced)
        return False

    def settle(self) -> None:
        """After the worktree is gone: delete what is settled; bytes that came late become files of that name again.

        Raises Busy, OSError.
        """
        with self.locked():
            if self.worktree.exists:
                return  # it has just been made
            for displaced in list(self.displaced):
                if displaced.is_unsaved:
                    target = self.worktree.path / displaced.path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    place(displaced.file, target)
                    self.displaced.drop(displaced)
            self.known.forget()
            if not any(self.displaced):
                rmtree(self._home)

    def _target(self, path: str) -> Path:
        """Where a file of the worktree is. Raises Failure where a link leads elsewhere."""
        target = self.worktree.path / path
        if target.is_symlink() or not target.parent.resolve().is_relative_to(self.worktree.path.resolve()):
            raise Failure(f"{target} is a symbolic link", "replace it by a file, then run the command again")
        return target


def _is_leftover(path: str) -> bool:
    name = path.rpartition("/")[2]
    return any(fnmatchcase(name, pattern) for pattern in LEFTOVERS)
