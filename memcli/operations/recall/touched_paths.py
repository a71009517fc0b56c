"""Code paths in question, as anchors name them, and the types of memory they always bring; light, for hooks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from memcli.core.memory.anchors import tidied

HAZARDS = ("stability", "constraint", "attempt")
"""The types of memory that touched paths always bring, in this order."""


def relative_paths(worktree: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Paths relative to a worktree, as anchors name them: harnesses give absolute ones."""
    return tuple(dict.fromkeys(filter(None, (_relative(worktree, path) for path in paths))))


def _relative(worktree: str, path: str) -> str:
    if worktree and Path(path).is_absolute():
        for root in (Path(worktree), Path(worktree).resolve()):
            if Path(path).is_relative_to(root):
                return tidied(str(Path(path).relative_to(root)))
    return tidied(path)
