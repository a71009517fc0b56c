"""The notes that harnesses keep about a project in a person's home: named by `mem bootstrap`, never read unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memcli.agents.registry import adapters
from memcli.operations.hooks.harness_paths import HarnessPaths
from memcli.workspace import Workspace


@dataclass(frozen=True)
class HarnessNotes:
    """A directory with notes of a harness; `title`: the vendor's name for it."""

    title: str
    directory: Path


def harness_notes(workspace: Workspace) -> list[HarnessNotes]:
    """The directories in the home that hold notes of a harness about this project."""
    layout = workspace.layout
    common = Path(layout.common_dir).absolute()
    is_bare = common.name != ".git"
    return [] if is_bare else list(_found(HarnessPaths(layout, workspace.config.homes), str(common.parent)))


def _found(paths: HarnessPaths, project: str) -> Iterator[HarnessNotes]:
    for adapter in adapters().values():
        pattern = adapter.notes_about(project)
        directory = paths.path(pattern, adapter) if pattern else None
        if directory and directory.is_dir() and any(directory.glob("*.md")):
            yield HarnessNotes(adapter.title, directory)
