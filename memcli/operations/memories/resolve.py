"""`mem resolve`: settle what a merge or a dream has left to a person."""

from __future__ import annotations

from typing import Literal

from memcli.core.memory.summary import Filters, MemorySummary
from memcli.core.merge.conflict import conflicted, resolve_conflict
from memcli.errors import NotFound
from memcli.operations.memories.edit import open_memory, record_change
from memcli.operations.views.reader import Reader
from memcli.operations.writing.record import Recorded
from memcli.workspace import Workspace


def open_questions(workspace: Workspace) -> list[MemorySummary]:
    """The memories with a conflict or something to attend to."""
    with Reader(workspace).view() as view:
        return [record for record in view.records(Filters(all=True)) if record.conflict or record.attention]


def resolve_question(workspace: Workspace, memory_id: str, take: Literal["ours", "other"] = "ours") -> Recorded:
    """Settle a memory: keep its text as it stands, or take the other side's values."""
    source = open_memory(workspace, memory_id)
    if not conflicted(source.document) and not source.document.get("attention"):
        raise NotFound(f"nothing to settle in {source.record.id[-6:]}", "'mem resolve' lists what there is")
    return record_change(workspace, "resolve", source, resolve_conflict(source.document, take))
