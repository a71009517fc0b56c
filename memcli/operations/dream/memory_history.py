"""What the commits between two dreams did to each memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from memcli.branch import is_memory_path
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import content_hash
from memcli.git.objects import EMPTY_TREE, Commit
from memcli.git.odb import Odb
from memcli.store import Store, parse_memory

MANY_REWRITES = 5
"""Rewrites between two dreams that are worth a question."""


@dataclass(frozen=True)
class MemoryHistory:
    """The successive contents of a memory (None: it did not exist), and its status `before` and `after` the commits."""

    id: str
    path: str
    contents: tuple[str | None, ...]
    before: str | None
    after: str

    @property
    def is_new_content(self) -> bool:
        """Whether the memory is active and says something that the last dream did not read."""
        return self.after == "active" and self.contents[0] != self.contents[-1]

    @property
    def is_as_written(self) -> bool:
        """Whether the memory was added and not changed afterwards."""
        return self.contents[0] is None and len(self.contents) == 2

    @property
    def rewrites(self) -> int:
        """How often the content was changed."""
        return len([content for content in self.contents if content is not None]) - 1

    @property
    def was_deactivated(self) -> bool:
        """Whether the memory was active, or did not exist, and is not active now."""
        return self.after != "active" and self.before in (None, "active")

    @property
    def flip_flopped(self) -> bool:
        """Whether the content came back after another one: A→B→A."""
        known = [content for content in self.contents if content is not None]
        return any(last == first != between for first, between, last in zip(known, known[1:], known[2:], strict=False))


def memory_histories(odb: Odb, store: Store, commits: Sequence[Commit]) -> list[MemoryHistory]:
    """The histories of the memories that the commits (oldest first) added or changed, by id."""
    blobs: dict[str, list[str | None]] = {}
    for commit in commits:
        parent = store.tree_of(commit.parents[0]) if commit.parents else EMPTY_TREE
        for delta in odb.diff(parent, commit.tree):
            if is_memory_path(delta.path):
                blobs.setdefault(delta.path, [delta.old]).append(delta.new)
    histories = [_history(odb, path, versions) for path, versions in blobs.items()]
    return sorted((history for history in histories if history), key=lambda history: (history.id, history.path))


def _history(odb: Odb, path: str, versions: Sequence[str | None]) -> MemoryHistory | None:
    """None where the last version is no file, or not readable as a memory."""
    memories = [parse_memory(odb.blob(blob), path).memory if blob else None for blob in versions]
    first, last = memories[0], memories[-1]
    if last is None:
        return None
    contents = [_content(memory) for memory in memories]
    distinct = contents[:1] + [content for before, content in pairwise(contents) if content != before]
    return MemoryHistory(last.id, path, tuple(distinct), first.status if first else None, last.status)


def _content(memory: Memory | None) -> str | None:
    """What the memory says, whatever its status and upkeep."""
    return content_hash(replace(memory, status="active")) + memory.title if memory else None
