"""Recording the answer to a question: all files that it changes as one operation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from memcli.core.memory.anchors import blob_id
from memcli.core.memory.document import Document
from memcli.core.memory.resolution import Documents, without_mentions
from memcli.core.memory.schema import as_recorded
from memcli.core.review.checks.runner import check_write
from memcli.operations.memories.changes import (
    FileCheck,
    OpenedMemory,
    PreparedChange,
    check_document,
    open_memory,
    prepare_change,
)
from memcli.operations.memories.open_questions import questions_about
from memcli.operations.memories.question_case import QuestionCase
from memcli.operations.views.reader import Reader
from memcli.operations.writing.author import Author, author_of
from memcli.operations.writing.record import Recorded, record_entry
from memcli.operations.writing.session_builder import UPDATE_FIRST
from memcli.state.journal import FileEdit
from memcli.workspace import Workspace


def record_answer(workspace: Workspace, case: QuestionCase, documents: Documents, answer: str) -> tuple[Recorded, ...]:
    """Record what an answer makes of memories, the one that was asked about first. Raises Refused."""
    author, check = author_of(workspace.actor), partial(check_write, excludes=workspace.excludes)
    opened = {**case.others, case.id: _to_replace(case)}
    ids = sorted(documents, key=lambda memory_id: memory_id != case.id)
    changes = [_change(opened[memory_id], documents[memory_id], author, check) for memory_id in ids]
    moot = _moot(workspace, case, documents)
    changes += [prepare_change(memory, document, author, check) for memory, document in moot]
    note = {"summary": f"{case.opened.record.title}: {answer}", **({UPDATE_FIRST: "true"} if case.pending else {})}
    with workspace.session_to_write() as (session, started):
        entry = workspace.actor.entry("resolve", session, tuple(change.edit for change in changes), note)
        written = record_entry(workspace, entry)
    return tuple(Recorded.of(change.edit, written, change.findings, started) for change in changes)


def _to_replace(case: QuestionCase) -> OpenedMemory:
    """The file that an answer takes the place of: that of a pending conflict is merged before."""
    if case.pending is None:
        return case.opened
    merged = case.pending.merged
    return OpenedMemory(case.opened.record._replace(blob=blob_id(merged.text().encode())), merged)


def _change(opened: OpenedMemory, document: Document, author: Author, check: FileCheck) -> PreparedChange:
    """The change to exactly this document."""
    record, document = opened.record, as_recorded(document, opened.document, author.agent is not None)
    memory, findings = check_document(document, record.path, check)
    return PreparedChange(FileEdit(record.path, record.id, record.blob, document.text()), memory.title, tuple(findings))


def _moot(workspace: Workspace, case: QuestionCase, documents: Documents) -> Iterator[tuple[OpenedMemory, Document]]:
    """The other memories that ask about one that goes out of use now, without these questions."""
    records = {case.id: case.opened.record, **{memory.record.id: memory.record for memory in case.others.values()}}
    ended = [
        records[memory_id]
        for memory_id, document in documents.items()
        if records[memory_id].status == "active" and document.get("status") not in (None, "active")
    ]
    if not ended:
        return
    with Reader(workspace).view() as view:
        asking = [each.holder for record in ended for each in questions_about(view, record)]
    is_agent = workspace.config.agent is not None
    for holder in {record.id: record for record in asking if record.id not in documents}.values():
        if holder.read_only and is_agent:
            continue
        opened = open_memory(workspace, holder.id)
        document = opened.document
        for record in ended:
            document = without_mentions(document, record.id)
        yield opened, document
