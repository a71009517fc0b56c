"""`mem add`: new memories in the caller's session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from memcli.branch import store_to_write
from memcli.core.finding import Finding
from memcli.core.memory.document import Value
from memcli.core.memory.memory import Memory
from memcli.core.review.private import value_without_private, without_private
from memcli.core.review.recorded_text import refuse_secret
from memcli.operations.memories.idempotency_key import once_id, recorded_once
from memcli.operations.memories.new_memory import complete_memory
from memcli.operations.writing.admission import pack_left_out, private_left_out
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.author import author_of
from memcli.operations.writing.new_files import NewFile, new_files
from memcli.operations.writing.record import (
    COMMITTED,
    Recorded,
    drain_entry,
    record_entry,
    refuse_blocked,
)
from memcli.workspace import Workspace


@dataclass(frozen=True)
class _CleanInput:
    """The values of a new memory without their private parts, and how many there were."""

    values: Mapping[str, Value]
    private: int

    def removals(self, memory_id: str) -> tuple[Finding, ...]:
        """The findings about what was left out of it."""
        return (*private_left_out(memory_id, self.private), *pack_left_out(memory_id, self.values.get("body")))


def add_memories(
    workspace: Workspace, inputs: Sequence[Mapping[str, Value]], once: str | None = None
) -> list[Recorded]:
    """Record new memories (their front matter keys and `body`) as one operation: all of them or none.

    With `once`, an idempotency key, a second call records nothing and returns what the first one recorded. Raises Usage
    for an empty body, Refused for blocking findings, Failure where nothing could be recorded.
    """
    store_to_write(workspace.layout)
    key = once and without_private(once)[0]
    refuse_secret(key or "", "idempotency key")
    earlier = partial(_recorded_once, workspace, key)
    if found := earlier():
        return found
    clean = [_CleanInput(*value_without_private(values)) for values in inputs]
    with workspace.session_to_write() as (session, started):
        author = author_of(workspace)
        ids = [once_id(key, number) if key else workspace.clock.new_memory_id() for number in range(len(inputs))]
        memories = [complete_memory(item.values, id, session, author) for item, id in zip(clean, ids, strict=True)]
        anchored = partial(with_blobs, worktree=workspace.layout.worktree, code=lambda: workspace.code)
        memories = [replace(memory, paths=anchored(memory.paths)) for memory in memories]
        files = list(_unblocked(new_files(memories, workspace.excludes)))
        edits = [file.edit for file in files]
        written = record_entry(workspace, workspace.actor.entry("add", session, edits, _note(memories, key)))
    if key and written.state == COMMITTED and written.operation is None:
        return earlier()  # another process was quicker
    return [
        Recorded.of(file.edit, written, (*file.findings, *item.removals(file.memory.id)), started)
        for file, item in zip(files, clean, strict=True)
    ]


def _recorded_once(workspace: Workspace, key: str | None) -> list[Recorded]:
    if not key:
        return []
    return recorded_once(key, workspace.journal, workspace.oplog, partial(drain_entry, workspace))


def _note(memories: Sequence[Memory], once: str | None) -> dict[str, str]:
    summary = memories[0].title if len(memories) == 1 else f"{len(memories)} memories"
    return {"summary": summary, **({"once": once} if once else {})}


def _unblocked(files: Iterable[NewFile]) -> Iterator[NewFile]:
    """The files as they are made. Raises Refused at the first with a blocking finding."""
    for file in files:
        refuse_blocked(file.findings, file.edit.text)
        yield file
