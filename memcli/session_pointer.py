"""The small files that name a current session: an actor's in a worktree, a person's in a repository."""

from __future__ import annotations

import os
from collections.abc import Sequence

from memcli.core.session.names import SessionName
from memcli.system.file_modes import make_directory


class SessionPointer:
    """A small file with the name of a session, in the first of some places that can be written: a `.git` may be
    read-only. It may be lost at any time, and no session depends on it."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files

    def read(self) -> str | None:
        """The session's name; None where no file holds one."""
        for file in self._files:
            try:
                with open(file, encoding="ascii") as stream:
                    return SessionName(stream.read().strip())
            except (OSError, ValueError):
                continue
        return None

    def write(self, name: str, mode: str = "w") -> None:
        """Point to a session; in the mode `x` unless another process was quicker."""
        for file in self._files:
            try:
                make_directory(os.path.dirname(file))
                with open(file, mode, encoding="ascii") as stream:
                    stream.write(name + "\n")
                return
            except FileExistsError:
                return
            except OSError:
                continue

    def clear(self) -> None:
        """Point to no session."""
        for file in self._files:
            try:
                os.unlink(file)
            except OSError:
                continue
