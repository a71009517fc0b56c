"""The paths in question, as anchors name them, and what they always bring; light, for hooks before edits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from memcli.core.memory.anchors import tidied
from memcli.workspace import Workspace

HAZARDS = ("stability", "constraint", "attempt")
"""What touched paths always bring, in this order."""


def in_repository(workspace: Workspace, paths: Iterable[str]) -> tuple[str, ...]:
    """Paths as anchors name them: harnesses say absolute ones."""
    root = workspace.layout.worktree
    return tuple(dict.fromkeys(filter(None, (_relative(root, path) for path in paths))))


def _relative(root: str, path: str) -> str:
    if root and Path(path).is_absolute():
        for place in (Path(root), Path(root).resolve()):
            if Path(path).is_relative_to(place):
                return tidied(str(Path(path).relative_to(place)))
    return tidied(path)
