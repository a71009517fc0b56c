"""Per memory, what the history between two commits of the store did to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from memcli.branch import is_memory_path
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import content_hash
from memcli.git.objects import EMPTY_TREE, Commit
from memcli.store import parse_memory
from memcli.workspace import Workspace

CHURN = 5
"""So many rewritings between two dreams are worth a look."""


@dataclass(frozen=True)
class MemoryHistory:
    """One memory: its contents (None: it was not there) as they followed each other, and how it stands now."""

    id: str
    path: str
    contents: tuple[str | None, ...]
    before: str | None
    after: str

    @property
    def is_new_content(self) -> bool:
        """Whether it says something else than the last dream read, and still stands for it."""
        return self.after == "active" and self.contents[0] != self.contents[-1]

    @property
    def is_as_written(self) -> bool:
        """Whether it came into being since, and was not changed after that."""
        return self.contents[0] is None and len(self.contents) == 2

    @property
    def rewritten(self) -> int:
        """How often what it said was changed."""
        return len([one for one in self.contents if one is not None]) - 1

    @property
    def has_fallen(self) -> bool:
        """Whether it no longer stands for what it says."""
        return self.after != "active" and self.before in (None, "active")

    @property
    def swung(self) -> bool:
        """Whether it came back to what it said before something else: A→B→A."""
        known = [one for one in self.contents if one is not None]
        return any(one == then != between for one, between, then in zip(known, known[1:], known[2:], strict=False))


def memory_histories(workspace: Workspace, commits: Sequence[Commit]) -> list[MemoryHistory]:
    """The memories that the commits, oldest first, added or changed; by id."""
    blobs: dict[str, list[str | None]] = {}
    for commit in commits:
        parent = workspace.store.tree_of(commit.parents[0]) if commit.parents else EMPTY_TREE
        for one in workspace.odb.diff(parent, commit.tree):
            if is_memory_path(one.path):
                blobs.setdefault(one.path, [one.old]).append(one.new)
    found = [_delta(workspace, path, line) for path, line in blobs.items()]
    return sorted((one for one in found if one), key=lambda one: (one.id, one.path))


def _delta(workspace: Workspace, path: str, line: Sequence[str | None]) -> MemoryHistory | None:
    """None where the file is gone or cannot be read as a memory."""
    read = [_read(workspace, path, blob) for blob in line]
    first, now = read[0], read[-1]
    if now is None:
        return None
    contents = [_content(memory) for memory in read]
    steps = contents[:1] + [one for before, one in pairwise(contents) if one != before]
    return MemoryHistory(now.id, path, tuple(steps), first.status if first else None, now.status)


def _read(workspace: Workspace, path: str, blob: str | None) -> Memory | None:
    return parse_memory(workspace.odb.blob(blob), path).memory if blob else None


def _content(memory: Memory | None) -> str | None:
    """What it says; whether it still stands is another matter, and so is its upkeep."""
    return content_hash(replace(memory, status="active")) + memory.title if memory else None
