"""The user's code at a commit, read only: what anchors point at and what the documents say."""

from __future__ import annotations

import fnmatch
import posixpath
from functools import cached_property

from memcli.repo.odb import Odb

PROSE = ("README.md", "README", "README.rst", "AGENTS.md", "CLAUDE.md", "GEMINI.md")


class Code:
    """The tree of one commit of the user's."""

    def __init__(self, odb: Odb, commit: str) -> None:
        self._odb = odb
        self.commit = commit
        self.tree = odb.commit(commit).tree

    def blob_at(self, path: str) -> str | None:
        """The blob id at a path, None where there is no file."""
        return self._odb.file(self.tree, posixpath.normpath(path)) if path else None

    def has(self, path: str) -> bool:
        """Whether a file, a directory or a match of a glob is there."""
        clean = posixpath.normpath(path.rstrip("/"))
        if any(letter in path for letter in "*?["):
            return any(fnmatch.fnmatchcase(name, path) for name in self.files)
        return self._odb.exists(self.tree, clean)

    @cached_property
    def files(self) -> dict[str, str]:
        """{path: blob id} of all files."""
        return self._odb.files(self.tree)

    def prose(self) -> str:
        """The texts an agent reads anyway: README, AGENTS.md, CLAUDE.md."""
        blobs = [blob for name in PROSE if (blob := self._odb.file(self.tree, name))]
        return "\n".join(self._odb.blob(blob).decode("utf-8", errors="replace") for blob in blobs)
