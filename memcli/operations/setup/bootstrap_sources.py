"""The sources that `mem bootstrap` reads: files and commit messages of the code, or files on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.bootstrap.extraction import extract_memories
from memcli.core.bootstrap.passages import CommitMessage, SourceFile
from memcli.core.bootstrap.source_paths import is_source
from memcli.core.memory.memory import Memory
from memcli.core.pack.frame import strip_packs
from memcli.core.review.exclusion import Excludes
from memcli.core.review.private import without_private
from memcli.errors import NotFound
from memcli.git.code_tree import Code
from memcli.git.history import code_commits, first_dates
from memcli.git.layout import TREE_DIR

PATTERNS = ("*.md", "*.mdc", "*.markdown", "*.rst", "*.txt", "*.adoc")
_SUFFIXES = frozenset(pattern[1:] for pattern in PATTERNS)
_SKIPPED_DIRECTORIES = (".git", TREE_DIR, "node_modules", ".venv")
_MAX_FILE = 1 << 20


@dataclass(frozen=True)
class BootstrapSources:
    """Reads sources without excluded paths, private blocks and context packs."""

    excludes: Excludes | None

    def memories_of_code(self, code: Code, common_dir: str) -> list[Memory]:
        """The memories in the files of a commit and in the messages up to it."""
        paths = {path: blob for path, blob in code.files.items() if is_source(path) and not self._is_excluded(path)}
        dates = first_dates(common_dir, code.commit, PATTERNS)
        files = [_public(SourceFile(path, _text(code.odb.blob(blob)), dates.get(path))) for path, blob in paths.items()]
        commits = list(self._commits(common_dir, code.commit))
        return extract_memories(files, commits, frozenset(self._included(code.files)))

    def memories_on_disk(self, paths: Sequence[Path], root: Path) -> list[Memory]:
        """The memories in files and directories on disk. Raises NotFound."""
        files = [file for path in paths for file in _files_on_disk(path, root)]
        return extract_memories([_public(file) for file in files if not self._is_excluded(file.path)])

    def _is_excluded(self, path: str) -> bool:
        return self.excludes is not None and self.excludes.excludes(path)

    def _included(self, paths: Sequence[str] | dict[str, str]) -> Iterator[str]:
        return (path for path in paths if not self._is_excluded(path))

    def _commits(self, common_dir: str, commit: str) -> Iterator[CommitMessage]:
        """The messages of commits that changed a file that is not excluded, or no file at all."""
        for logged in code_commits(common_dir, commit):
            files = tuple(self._included(logged.files))
            if files or not logged.files:
                text = strip_packs(without_private(f"{logged.subject}\n{logged.body}")[0])
                subject, _, body = text.partition("\n")
                yield CommitMessage(logged.id, logged.at, subject, body, files)


def _public(file: SourceFile) -> SourceFile:
    return replace(file, text=strip_packs(without_private(file.text)[0]))


def _text(data: bytes) -> str:
    return data[:_MAX_FILE].decode("utf-8", errors="replace")


def _files_on_disk(path: Path, root: Path) -> Iterator[SourceFile]:
    """The text files at a path; outside the repository they are named relative to the path's parent."""
    if not path.exists():
        raise NotFound(f"no such file or directory: {path}", "name files or directories that exist")
    files = [path] if path.is_file() else [Path(top) / name for top, names in _walk(path) for name in names]
    base = root if path.resolve().is_relative_to(root.resolve()) else path.parent
    for file in sorted(files):
        if file.is_file() and not file.is_symlink() and file.suffix.lower() in _SUFFIXES:
            relative = file.resolve().relative_to(base.resolve()).as_posix()
            yield SourceFile(relative, _text(file.read_bytes()), None)


def _walk(directory: Path) -> Iterator[tuple[str, list[str]]]:
    for top, directories, names in os.walk(directory):
        directories[:] = sorted(name for name in directories if name not in _SKIPPED_DIRECTORIES)
        yield top, names
