"""What the history of a branch has deleted. What it never had is not deleted: it may be on another branch."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from memcli.git.history import LoggedCommit, log
from memcli.git.layout import Layout

MOST = 20_000
NAMES = 16
"""So many paths are put to git by name: it holds every file of a changed directory against each. 200 of them in a
directory of 2,000 files took 3 s over 200 commits; their directory took 0.3 s, everything 0.1 s."""
PATIENCE = 30.0
"""Seconds: what is retired should not depend on how busy the machine is."""


def deleted(layout: Layout, commit: str, paths: Collection[str]) -> dict[str, tuple[LoggedCommit, ...]]:
    """{path: the commits that deleted it, or anything below it, newest first} of the paths that the history of `commit`
    once had; empty where git cannot tell in time, as in a partial clone."""
    options = ("--full-history", "--diff-filter=D", "--name-only")
    named = _few(paths)
    commits = log(layout.common_dir, [commit], MOST, *options, paths=named, patience=PATIENCE) if paths else []
    deletions: dict[str, list[LoggedCommit]] = {}
    for deletion in commits:
        for path in _with_directories(deletion.files).intersection(paths):
            deletions.setdefault(path, []).append(deletion)
    return {path: tuple(deletions[path]) for path in sorted(deletions)}


def _few(paths: Collection[str]) -> list[str]:
    """The paths, or few enough directories that hold them all; none where that is everything."""
    names = set(paths)
    while len(names) > NAMES:
        deepest = max(path.count("/") for path in names)
        if deepest == 0:
            return []
        names = {path.rpartition("/")[0] if path.count("/") == deepest else path for path in names}
    return sorted(names)


def _with_directories(files: Collection[str]) -> set[str]:
    """The files and all directories above them."""
    return {*files, *(str(parent) for file in files for parent in PurePosixPath(file).parents)}
