"""The trees that `mem bootstrap` reads: the files of a commit, or files on disk; and the commits of a history."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from memcli.core.pack.frame import strip_packs
from memcli.core.review.exclusion import Excludes
from memcli.core.review.private import without_private
from memcli.core.sources.passages import CommitMessage
from memcli.core.sources.source_tree import SourceTree
from memcli.errors import NotFound
from memcli.git.code_tree import Code
from memcli.git.history import code_commits
from memcli.git.layout import TREE_DIR

_SKIPPED_DIRECTORIES = (".git", TREE_DIR, "node_modules", ".venv")


@dataclass(frozen=True)
class BootstrapSources:
    """Reads sources without excluded paths, private blocks and context packs."""

    excludes: Excludes | None

    def tree_of_code(self, code: Code) -> SourceTree:
        """The files of a commit."""
        blobs = {path: code.files[path] for path in self._included(code.files)}
        return SourceTree(blobs, lambda path: code.odb.blob(blobs[path]), _public)

    def tree_on_disk(self, paths: Sequence[Path], root: Path) -> SourceTree:
        """The files that are named, and those in directories that are named. Raises NotFound."""
        files = {name: file for path in paths for name, file in _files_on_disk(path, root)}
        names = dict.fromkeys(self._included(files), "")
        return SourceTree(names, lambda name: files[name].read_bytes(), _public, tuple(names))

    def commits(self, common_dir: str, commit: str) -> Iterator[CommitMessage]:
        """The messages of commits that changed a file that is not excluded, or no file at all."""
        for logged in code_commits(common_dir, commit):
            files = tuple(self._included(logged.files))
            if files or not logged.files:
                text = _public(f"{logged.subject}\n{logged.body}")
                subject, _, body = text.partition("\n")
                yield CommitMessage(logged.id, logged.at, subject, body, files)

    def _included(self, paths: Iterable[str]) -> Iterator[str]:
        return (path for path in paths if self.excludes is None or not self.excludes.excludes(path))


def _public(text: str) -> str:
    return strip_packs(without_private(text)[0])


def _files_on_disk(path: Path, root: Path) -> Iterator[tuple[str, Path]]:
    """(name, file) of the files at a path; outside the repository they are named relative to the path's parent."""
    if not path.exists():
        raise NotFound(f"no such file or directory: {path}", "name files or directories that exist")
    files = [path] if path.is_file() else [Path(top) / name for top, names in _walk(path) for name in names]
    base = root if path.resolve().is_relative_to(root.resolve()) else path.parent
    for file in sorted(files):
        if file.is_file() and not file.is_symlink():
            yield file.resolve().relative_to(base.resolve()).as_posix(), file


def _walk(directory: Path) -> Iterator[tuple[str, list[str]]]:
    for top, directories, names in os.walk(directory):
        directories[:] = sorted(name for name in directories if name not in _SKIPPED_DIRECTORIES)
        yield top, names
