"""`mem supersede`: a new memory takes an old one's place; both stay, linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Value, new_document
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import front_matter
from memcli.core.memory.retirement import superseded
from memcli.core.review.private import value_without_private
from memcli.entries import entry_for
from memcli.operations.memories.add import complete_draft
from memcli.operations.memories.edit import OpenedMemory, check_document, open_memory, with_private_finding
from memcli.operations.writing.record import Recorded, record
from memcli.state.journal import FileEdit
from memcli.store import path_for
from memcli.workspace import Workspace

_INHERITED = ("kind", "type", "topic", "key", "tags", "paths", "pin")


def supersede_memory(workspace: Workspace, memory_id: str, draft: Mapping[str, Value]) -> Recorded:
    """Record the new memory and mark the old one superseded, as one operation; the draft inherits the rest."""
    old = open_memory(workspace, memory_id)
    inherited = {key: old.document.get(key) for key in _INHERITED}
    inherited["paths"] = _bare(inherited["paths"])
    draft, count = value_without_private(draft)
    given = {key: value for key, value in draft.items() if value not in (None, "", ())}
    with workspace.session_to_write() as (session, started):
        memory = replace(complete_draft(workspace, {**inherited, **given}, session), supersedes=(old.record.id,))
        path = path_for(memory, [old.record.path])
        document = new_document(front_matter(memory), memory.body)
        _, findings = check_document(workspace, document, path)
        edits = (FileEdit(path, memory.id, None, document.text()), _marked(workspace, old, memory.id))
        written = record(workspace, entry_for(workspace, "supersede", session, edits, {"summary": memory.title}))
    done = Recorded(memory.id, written.session, written.state, path, tuple(findings), started, written.delayed)
    return with_private_finding(done, count)


def _bare(paths: Value) -> Value:
    """Anchors without blobs: the new memory is about what is there now."""
    return tuple(Anchor.parse(str(path)).path for path in paths) if isinstance(paths, tuple) else paths


def _marked(workspace: Workspace, old: OpenedMemory, successor: str) -> FileEdit:
    """The old memory's file, saying what has taken its place."""
    document = superseded(old.document, successor, format_instant(workspace.now))
    return FileEdit(old.record.path, old.record.id, old.record.blob, document.text())
