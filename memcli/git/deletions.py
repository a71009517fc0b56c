"""What the history of a branch has deleted. What it never had is not gone: it may be on its way, on another branch."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from memcli.git.layout import Layout
from memcli.git.queries import Told, log

MOST = 20_000
NAMES = 16
"""So many paths are put to git by name: it holds every file of a changed directory against each. 200 of them in a
directory of 2,000 files took 3 s over 200 commits; their directory took 0.3 s, everything 0.1 s."""
PATIENCE = 30.0
"""Seconds: what is retired should not depend on how busy the machine is."""


def deleted(layout: Layout, commit: str, paths: Collection[str]) -> dict[str, tuple[Told, ...]]:
    """{path: the commits that deleted it, or anything below it, newest first} of those that the history of `commit`
    once had; nothing where git cannot tell in time, as of a history that is only promised."""
    options = ("--full-history", "--diff-filter=D", "--name-only")
    asked = _few(paths)
    commits = log(layout.common_dir, [commit], MOST, *options, paths=asked, patience=PATIENCE) if paths else []
    found: dict[str, list[Told]] = {}
    for told in commits:
        for path in _reached(told.files).intersection(paths):
            found.setdefault(path, []).append(told)
    return {path: tuple(found[path]) for path in sorted(found)}


def _few(paths: Collection[str]) -> list[str]:
    """The paths, or few enough directories that hold them all; none where that is everything."""
    found = set(paths)
    while len(found) > NAMES:
        deepest = max(path.count("/") for path in found)
        if deepest == 0:
            return []
        found = {path.rpartition("/")[0] if path.count("/") == deepest else path for path in found}
    return sorted(found)


def _reached(files: Collection[str]) -> set[str]:
    """The files and all directories above them."""
    return {*files, *(str(parent) for file in files for parent in PurePosixPath(file).parents)}
