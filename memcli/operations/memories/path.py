"""`mem path`: where a memory's file is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace


@dataclass(frozen=True)
class MemoryFile:
    """`path` in the store's tree; `file` in the session's worktree, None where it is not checked out."""

    id: str
    path: str
    file: Path | None


def memory_file(workspace: Workspace, memory_id: str) -> MemoryFile:
    """Find a memory's file. Raises NotFound, Usage."""
    reader = Reader(workspace)
    with reader.view() as view:
        record = reader.visibility.find(view, memory_id)
    name = workspace.selection.name
    file = Path(workspace.layout.tree_dir, name, record.path) if name else None
    return MemoryFile(record.id, record.path, file if file and file.is_file() else None)
