"""`mem supersede`: a new memory takes an old one's place; both stay, linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from memcli.core.document import Value, compose
from memcli.core.instant import format_instant
from memcli.core.memory import front_matter
from memcli.operations.add import complete
from memcli.operations.edit import Edited, checked, open_source
from memcli.operations.write import entry_for, record
from memcli.repo.journal import FileEdit
from memcli.store import path_for
from memcli.workspace import Workspace


def supersede(workspace: Workspace, memory_id: str, draft: Mapping[str, Value]) -> Edited:
    """Record the new memory and mark the old one superseded, as one operation; the draft inherits the rest."""
    old = open_source(workspace, memory_id)
    session, started = workspace.session_to_write()
    inherited = {key: old.document.get(key) for key in ("kind", "type", "topic", "key", "tags", "paths", "pin")}
    given = {key: value for key, value in draft.items() if value not in (None, "", ())}
    memory = complete(workspace, {**inherited, **given}, session)
    memory = replace(memory, supersedes=(old.record.id,))
    path = path_for(memory, [old.record.path])
    document = compose(front_matter(memory), memory.body)
    _, findings = checked(document, path)
    now = format_instant(workspace.now)
    marked = old.document.with_values({"status": "superseded", "superseded_by": memory.id, "modified": now})
    edits = (
        FileEdit(path, memory.id, None, document.text()),
        FileEdit(old.record.path, old.record.id, old.record.blob, marked.text()),
    )
    written = record(workspace, entry_for(workspace, "supersede", session, edits, {"summary": memory.title}))
    return Edited(memory.id, written.session, written.state, path, tuple(findings), started, written.delayed)
