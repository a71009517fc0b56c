"""`mem show`: one memory, every key of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memcli.core.document import Value, parse
from memcli.core.record import Record
from memcli.core.staleness import Staleness
from memcli.operations.reading import find_one, open_view, record_read
from memcli.operations.staleness import Judge
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """A memory's file: `front` as written, `rev` the commit of the store (or the session) it was read at."""

    front: Mapping[str, Value]
    body: str
    path: str
    rev: str
    blob: str
    text: str
    record: Record
    staleness: Staleness


def show(workspace: Workspace, memory_id: str) -> Shown:
    """The memory with that id, or its unique prefix or suffix. Raises NotFound, Usage."""
    judge = Judge(workspace)
    with open_view(workspace) as view:
        record = find_one(view, memory_id)
        text = view.text(record)
        staleness = judge.of(view, [record])[record.id]
    judge.remember()
    document = parse(text)
    record_read(workspace, "show", memory_id, {}, [record], text)
    manifest = workspace.index.manifest(record.ref)
    rev = manifest.commit if manifest else workspace.tip()[1]
    return Shown(document.front(), document.body, record.path, rev, record.blob, text, record, staleness)
