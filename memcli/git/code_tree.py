"""The user's code at a commit, read only: what anchors point to, and the documents that agents read anyway."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from functools import cached_property

from memcli.git.odb import Odb

NO_FILE = "/"
"""Stands for the content of a directory, a submodule or the matches of a glob."""


class Code:
    """The tree of one commit of the user's; `matches` tells whether a glob matches a path.

    Raises Failure where that commit is not here."""

    def __init__(self, odb: Odb, commit: str, matches: Callable[[str, str], bool]) -> None:
        self.odb = odb
        self._matches = matches
        self.commit = commit
        self.tree = odb.commit(commit).tree
        self._earlier: dict[str, Code | None] = {}

    def at(self, commit: str) -> Code | None:
        """The code at another commit, named by 7 to 40 hex; None where that is not here, as in a shallow clone."""
        full = self.odb.commit_named(commit)
        return None if full is None else self if full == self.commit else Code(self.odb, full, self._matches)

    def earlier(self, commit: str) -> Code | None:
        """The code at a commit that this one descends from; None for any other, and where that is not here."""
        if commit not in self._earlier:
            other = self.at(commit)
            self._earlier[commit] = other if other and self.odb.is_ancestor(other.commit, self.commit) else None
        return self._earlier[commit]

    def content(self, path: str) -> bytes:
        """The bytes of a file; empty where there is none."""
        blob = self.blob_at(path)
        return self.odb.blob(blob) if blob else b""

    def blob_at(self, path: str) -> str | None:
        """The blob id at a path, None where there is no file."""
        return self.odb.file(self.tree, posixpath.normpath(path)) if path else None

    def has(self, path: str) -> bool:
        """Whether a file, a directory or a match of a glob is there."""
        return self.place(path) is not None or (is_pattern(path) and self._is_matched(path))

    def _is_matched(self, glob: str) -> bool:
        return any(self._matches(glob, name) for name in self._candidates(glob))

    def _candidates(self, glob: str) -> dict[str, str]:
        """The files that a glob may match: those of the directory before its first wildcard."""
        directory = re.split(r"[*?\[]", glob)[0].rpartition("/")[0]
        return self.odb.files(self.tree, tidy(directory)) if tidy(directory or ".") != "." else self.files

    def place(self, path: str) -> tuple[str, str] | None:
        """(`file`, `link`, `directory` or `submodule`; id) at a path, None where nothing is."""
        if tidy(path) == ".":
            return "directory", self.tree
        return self.odb.place(self.tree, tidy(path))

    def identity(self, path: str) -> str | None:
        """The blob of the file (or link) at a path, `NO_FILE` for whatever else is there; None where nothing is."""
        kind, object_id = self.place(path) or ("", None)
        if not kind:
            return NO_FILE if is_pattern(path) and self._is_matched(path) else None
        return object_id if kind in ("file", "link") else NO_FILE

    def changed(self, before: Code | None) -> frozenset[str]:
        """The paths that are not as they were in other code; all of them where there is none."""
        return frozenset(delta.path for delta in self.odb.diff(before.tree if before else None, self.tree))

    @cached_property
    def files(self) -> dict[str, str]:
        """{path: blob id} of all files."""
        return self.odb.files(self.tree)

    def joined(self, paths: Iterable[str]) -> str:
        """The texts of those of the files that are there, joined by line ends; `` without any."""
        blobs = [blob for path in paths if (blob := self.odb.file(self.tree, path))]
        return "\n".join(self.odb.blob(blob).decode("utf-8", errors="replace") for blob in blobs)


def is_pattern(path: str) -> bool:
    """Whether a path stands for all that match it."""
    return any(sign in path for sign in "*?[")


def tidy(path: str) -> str:
    """A path as trees have it."""
    return posixpath.normpath(path.rstrip("/") or "/")
