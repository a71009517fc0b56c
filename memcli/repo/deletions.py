"""What the history of a branch has deleted. What it never had is not gone: it may be on its way, on another branch."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from memcli.repo.asking import Told, log
from memcli.repo.layout import Layout

MOST = 1_000


def deleted(layout: Layout, commit: str, paths: Collection[str]) -> dict[str, tuple[Told, ...]]:
    """{path: the commits that deleted it, or anything below it, newest first} of those that the history of `commit`
    once had; nothing where git cannot tell in time, as of a history that is only promised."""
    options = ("--full-history", "--diff-filter=D", "--name-only")
    commits = log(layout.common_dir, [commit], MOST, *options, paths=sorted(paths)) if paths else []
    found: dict[str, list[Told]] = {}
    for told in commits:
        for path in _reached(told.files).intersection(paths):
            found.setdefault(path, []).append(told)
    return {path: tuple(found[path]) for path in sorted(found)}


def _reached(files: Collection[str]) -> set[str]:
    """The files and all directories above them."""
    return {*files, *(str(parent) for file in files for parent in PurePosixPath(file).parents)}
