"""`mem list`: the memories of the store and of the caller's session."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from memcli.core.memory.summary import Filters, MemorySummary
from memcli.operations.memories.narrowing import EVERYTHING, Narrowing, narrow
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ListedMemories:
    """Memories in their order, and what to tell whoever asked for them."""

    memories: tuple[MemorySummary, ...]
    warnings: tuple[str, ...] = ()


@retry_when_damaged
def list_memories(
    workspace: Workspace,
    filters: Filters,
    limit: int | None = None,
    as_of: str | None = None,
    narrowing: Narrowing = EVERYTHING,
) -> ListedMemories:
    """The memories that pass, most recently modified first; with `as_of`, those of the store back then.

    Raises Usage, NoStore, NotFound for an unknown session.
    """
    reader = Reader(workspace)
    judge = reader.judge()
    with reader.view_at(reader.snapshot(as_of), session=narrowing.session) as view:
        narrowed = narrow(reader, view, filters, narrowing, judge)
        reader.visibility.apply(view, narrowed.filters)
        memories = view.questions.beside(list(islice(view.records(narrowed.filters), limit)))
    judge.remember()
    return ListedMemories(tuple(memories), narrowed.warnings)
