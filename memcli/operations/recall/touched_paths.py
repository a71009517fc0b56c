"""Code paths in question, as anchors name them, and the types of memory they always bring; light, for hooks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from memcli.core.memory.anchors import tidied

HAZARDS = ("stability", "constraint", "attempt")
"""The types of memory that touched paths always bring, in this order."""

MOST_READ, MOST_WORDS, MOST_NAMED = 20_000, 1_000, 8
"""Characters of a text and words of it that are looked at, and files that it may name."""
_BETWEEN = re.compile(r"[\s`'\"<>()\[\]{},;|]+")


def files_named(worktree: str, directory: str, text: str) -> tuple[str, ...]:
    """The files in a worktree that a text names, relative to it; names may be relative to a directory in it, begin with
    `@` and end with a line: `@src/app.py`, `app.py:42`."""
    words = dict.fromkeys(_BETWEEN.split(text[:MOST_READ]))
    names = dict.fromkeys(re.sub(r"[.:!?]+$|:\d.*$", "", word.lstrip("@")) for word in [*words][:MOST_WORDS])
    files = (file for name in names if name for file in _in_tree(worktree, directory, name))
    return tuple(dict.fromkeys(relative_paths(worktree, files)))[:MOST_NAMED]


def _in_tree(worktree: str, directory: str, name: str) -> list[str]:
    """The file of that name, as a list of one, seen from a directory, else from the worktree; none outside of it."""
    for start in (directory, worktree) if worktree else ():
        file = Path(os.path.normpath(Path(start, name)))
        is_inside = file.is_relative_to(worktree) and ".git" not in file.relative_to(worktree).parts
        if is_inside and os.path.isfile(file):  # noqa: PTH113, which also takes names that no file can have
            return [str(file)]
    return []


def relative_paths(worktree: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Paths relative to a worktree, as anchors name them: harnesses give absolute ones."""
    return tuple(dict.fromkeys(filter(None, (_relative(worktree, path) for path in paths))))


def _relative(worktree: str, path: str) -> str:
    if worktree and Path(path).is_absolute():
        for root in (Path(worktree), Path(worktree).resolve()):
            if Path(path).is_relative_to(root):
                return tidied(str(Path(path).relative_to(root)))
    return tidied(path)
