"""`mem add`: new memories in the caller's session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from memcli.branch import store_to_write
from memcli.core.finding import Finding
from memcli.core.memory.document import Value, new_document
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.review.checks.runner import check_write
from memcli.core.review.private import value_without_private, without_private
from memcli.operations.memories.drafts import complete_draft
from memcli.operations.memories.once import once_id, recorded_once
from memcli.operations.writing.admission import pack_left_out, private_left_out
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.author import author_of
from memcli.operations.writing.record import (
    COMMITTED,
    Acknowledged,
    Recorded,
    drain_entry,
    record_entry,
    refuse_blocked,
)
from memcli.state.journal import FileEdit
from memcli.store import path_for
from memcli.workspace import Workspace


@dataclass(frozen=True)
class _CleanDraft:
    """A draft without its private parts, and how many there were."""

    values: Mapping[str, Value]
    private: int

    def removals(self, memory_id: str) -> tuple[Finding, ...]:
        """The findings about what was left out of it."""
        return (*private_left_out(memory_id, self.private), *pack_left_out(memory_id, self.values.get("body")))


def add_memories(
    workspace: Workspace, drafts: Sequence[Mapping[str, Value]], once: str | None = None
) -> list[Recorded]:
    """Record drafts (front matter keys and `body`) as one operation: all of them or none.

    With `once`, an idempotency key, a second call records nothing and returns what the first one recorded. Raises Usage
    for an empty body, Refused for blocking findings, Failure where nothing could be recorded.
    """
    store_to_write(workspace.layout)
    key = once and without_private(once)[0]
    earlier = partial(_recorded_once, workspace, key)
    if found := earlier():
        return found
    clean = [_CleanDraft(*value_without_private(draft)) for draft in drafts]
    with workspace.session_to_write() as (session, started):
        author = author_of(workspace)
        ids = [once_id(key, number) if key else workspace.ids.new_memory() for number in range(len(drafts))]
        memories = [complete_draft(draft.values, id, session, author) for draft, id in zip(clean, ids, strict=True)]
        anchored = partial(with_blobs, worktree=workspace.layout.worktree, code=lambda: workspace.code)
        memories = [replace(memory, paths=anchored(memory.paths)) for memory in memories]
        edits, findings = _edits(memories, partial(check_write, excludes=workspace.excludes))
        written = record_entry(workspace, workspace.actor.entry("add", session, edits, _note(memories, key)))
    if key and written.state == COMMITTED and written.operation is None:
        return earlier()  # another process was quicker
    return [
        _added(edit, (*found, *draft.removals(edit.id)), written, started)
        for edit, found, draft in zip(edits, findings, clean, strict=True)
    ]


def _recorded_once(workspace: Workspace, key: str | None) -> list[Recorded]:
    if not key:
        return []
    return recorded_once(key, workspace.journal, workspace.oplog, partial(drain_entry, workspace))


def _note(memories: Sequence[Memory], once: str | None) -> dict[str, str]:
    summary = memories[0].title if len(memories) == 1 else f"{len(memories)} memories"
    return {"summary": summary, **({"once": once} if once else {})}


def _edits(
    memories: Sequence[Memory], check: Callable[[str, str], list[Finding]]
) -> tuple[list[FileEdit], list[list[Finding]]]:
    """The file of each memory, and what the checks find in it. Raises Refused for a blocking finding."""
    edits, findings, taken = list[FileEdit](), list[list[Finding]](), list[str]()
    for memory in memories:
        path = path_for(memory, taken)
        text = new_document(front_matter(memory), memory.body).text()
        findings.append(check(text, path))
        refuse_blocked(findings[-1])
        taken.append(path)
        edits.append(FileEdit(path, memory.id, None, text))
    return edits, findings


def _added(edit: FileEdit, findings: tuple[Finding, ...], written: Acknowledged, started: bool) -> Recorded:
    committed = [change.path for change in written.operation.changes] if written.operation else []
    path = next((path for path in committed if path.endswith(f"{edit.id[-6:]}.md")), edit.path)
    return Recorded(edit.id, written.session, written.state, path, findings, started, written.delayed)
