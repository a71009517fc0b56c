"""`mem show`: one memory, every key of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from memcli.branch import store_to_read
from memcli.core.memory.document import Value, parse_document
from memcli.core.memory.staleness import Staleness
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.errors import NotFound
from memcli.index.database.index import Index
from memcli.index.database.view import View
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.new_read import NewRead
from memcli.operations.views.reader import Reader
from memcli.operations.views.snapshot import parse_valid_at, time_parameters
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ShownMemory:
    """A memory's file: `front` as written, `rev` the commit of the store (or the session) it was read at."""

    front: Mapping[str, Value]
    body: str
    path: str
    rev: str
    blob: str
    text: str
    record: MemorySummary
    staleness: Staleness


@retry_when_damaged
def show_memory(
    workspace: Workspace, memory_id: str, as_of: str | None = None, valid_at: str | None = None
) -> ShownMemory:
    """The memory with that id, or its unique prefix or suffix; with `as_of` (a date or a commit) as it was then, with
    `valid_at` (a date) the one of its key that held at that instant. Raises NotFound, Usage."""
    reader = Reader(workspace)
    then = reader.snapshot(as_of)
    filters = Filters(all=True, valid_at=None if valid_at is None else parse_valid_at(valid_at))
    judge = reader.judge()
    with reader.view_at(then) as view:
        record = _held(view, reader.visibility.find(view, memory_id), filters)
        text, tree = view.text(record), then.tree if then else view.tree
        (record,) = view.questions.beside([record])
        staleness = judge.of(view, [record])[record.id]
    judge.remember()
    document = parse_document(text)
    reader.record_read(NewRead("show", memory_id, time_parameters(then, filters), [record], text, tree))
    rev = then.commit if then else _revision(workspace.index, record, store_to_read(workspace.layout)[1])
    return ShownMemory(document.front(), document.body, record.path, rev, record.blob, text, record, staleness)


def _held(view: View, record: MemorySummary, filters: Filters) -> MemorySummary:
    """The memory itself where no instant is asked about, else the one of its key that held then."""
    if filters.valid_at is None:
        return record
    if record.key is None:
        found, problem = view.by_ids([record.id], filters).get(record.id), f"{record.id[-6:]} did not hold"
        following = f"'mem show {record.id[-6:]}' shows it"
    else:
        found, problem = next(view.records(replace(filters, keys=(record.key,))), None), f"nothing of {record.key} held"
        following = f"'mem log --key {record.key}' shows its timeline"
    if found is None:
        raise NotFound(f"{problem} at {filters.valid_at}", following)
    return found


def _revision(index: Index, record: MemorySummary, tip: str) -> str:
    """The commit that a memory was read at; `tip` is the store's."""
    manifest = index.manifest(record.ref)
    return manifest.commit if manifest else tip
