"""`mem list`: the memories of the store and of the caller's session."""

from __future__ import annotations

from itertools import islice

from memcli.core.memory.summary import Filters, MemorySummary
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace


@retry_when_damaged
def list_memories(
    workspace: Workspace, filters: Filters, limit: int | None = None, as_of: str | None = None
) -> list[MemorySummary]:
    """The records that pass the filters, most recently modified first; with `as_of`, those of the store back then."""
    reader = Reader(workspace)
    with reader.view_at(reader.snapshot(as_of)) as view:
        reader.visibility.apply(view, filters)
        return view.questions.beside(list(islice(view.records(filters), limit)))
