"""`mem supersede`: a new memory replaces an old one; both stay, linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Value
from memcli.core.memory.memory import Memory
from memcli.core.memory.retirement import superseded
from memcli.core.review.private import value_without_private
from memcli.operations.memories.changes import OpenedMemory, open_memory, with_private_finding
from memcli.operations.memories.given_ids import with_full_ids
from memcli.operations.memories.new_memory import complete_memory
from memcli.operations.views.reader import Reader
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.author import author_of
from memcli.operations.writing.new_files import new_files
from memcli.operations.writing.record import Recorded, record_entry, refuse_blocked
from memcli.state.journal import FileEdit
from memcli.workspace import Workspace

_INHERITED = ("kind", "type", "topic", "key", "tags", "paths", "pin")
"""Front matter that the new memory takes from the old one, unless the values says otherwise."""


def supersede_memory(workspace: Workspace, memory_id: str, values: Mapping[str, Value]) -> Recorded:
    """Record a new memory and mark the old one superseded, as one operation. Raises NotFound, Usage, Refused."""
    old = open_memory(workspace, memory_id)
    values, removed = value_without_private(with_full_ids(values, partial(Reader, workspace)))
    with workspace.session_to_write() as (session, started):
        author = author_of(workspace.actor, session)
        memory = complete_memory(_with_inherited(values, old), workspace.clock.new_memory_id(), author)
        anchors = with_blobs(memory.paths, workspace.layout.worktree, lambda: workspace.code)
        memory = replace(memory, paths=anchors, supersedes=(old.record.id,))
        (file,) = new_files([memory], workspace.excludes, [old.record.path])
        refuse_blocked(file.findings, file.edit.text)
        edits = (file.edit, _superseded_file(old, memory, author.now))
        written = record_entry(workspace, workspace.actor.entry("supersede", session, edits, {"summary": memory.title}))
    return with_private_finding(Recorded.of(file.edit, written, file.findings, started), removed)


def _with_inherited(values: Mapping[str, Value], old: OpenedMemory) -> dict[str, Value]:
    """The values completed from the old memory; code paths lose their blobs, as the new one is about today's code."""
    inherited = {key: old.document.get(key) for key in _INHERITED}
    if values.get("type"):
        inherited["kind"] = None  # follows from the new type
    paths = inherited["paths"]
    if isinstance(paths, tuple):
        inherited["paths"] = tuple(Anchor.parse(str(path)).path for path in paths)
    return {**inherited, **{key: value for key, value in values.items() if value not in (None, "", ())}}


def _superseded_file(old: OpenedMemory, successor: Memory, now: str) -> FileEdit:
    document = superseded(old.document, successor.id, now)
    return FileEdit(old.record.path, old.record.id, old.record.blob, document.text())
