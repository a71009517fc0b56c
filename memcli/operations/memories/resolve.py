"""`mem resolve`: open questions, which a merge, a check or a dream has left to a person."""

from __future__ import annotations

from typing import Literal

from memcli.core.memory.summary import Filters, MemorySummary
from memcli.core.merge.conflict import conflicted, resolve_conflict
from memcli.errors import NotFound
from memcli.operations.memories.changes import open_memory, record_change
from memcli.operations.views.reader import Reader
from memcli.operations.writing.record import Recorded
from memcli.workspace import Workspace


def open_questions(workspace: Workspace) -> list[MemorySummary]:
    """The memories with open questions."""
    with Reader(workspace).view() as view:
        return [record for record in view.records(Filters(all=True)) if record.questions]


def resolve_question(workspace: Workspace, memory_id: str, take: Literal["ours", "other"] = "ours") -> Recorded:
    """Keep a memory's text as it is, or take the other side's values. Raises NotFound where nothing is open."""
    opened = open_memory(workspace, memory_id)
    if not conflicted(opened.document) and not opened.document.get("attention"):
        raise NotFound(f"{opened.record.id[-6:]} has no open question", "'mem resolve' lists the open questions")
    return record_change(workspace, "resolve", opened, resolve_conflict(opened.document, take))
