"""Changes to a memory that exists: how it is opened, checked and recorded, for every command that makes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from memcli.core.finding import Finding
from memcli.core.memory.claim_author import as_recorded
from memcli.core.memory.document import Document, parse_document
from memcli.core.memory.identity import refuse_short_id
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.checks.runner import check_write
from memcli.errors import Refused
from memcli.operations.views.reader import Reader
from memcli.operations.writing.admission import private_left_out
from memcli.operations.writing.author import Author, author_of
from memcli.operations.writing.record import Recorded, RefusedText, record_entry, refuse_blocked
from memcli.state.journal import FileEdit
from memcli.workspace import Workspace

FileCheck = Callable[[str, str], list[Finding]]
"""What checks find in a text that is to be written to a path."""


@dataclass(frozen=True)
class OpenedMemory:
    """A memory's file as it was read: what a change is based on."""

    record: MemorySummary
    document: Document


@dataclass(frozen=True)
class PreparedChange:
    """A memory's file as it is to be recorded, and what the checks found."""

    edit: FileEdit
    title: str
    findings: tuple[Finding, ...]


def open_memory(workspace: Workspace, memory_id: str) -> OpenedMemory:
    """The memory to change. Raises NotFound, Usage, and Refused for an agent where it is read-only or excluded."""
    refuse_short_id(memory_id)
    reader = Reader(workspace)
    with reader.view() as view:
        record = reader.visibility.find(view, memory_id)
        document = parse_document(view.text(record))
    if record.read_only and workspace.config.agent:
        raise Refused(f"{record.id[-6:]} is read-only for agents", "ask a person to change it")
    return OpenedMemory(record, document)


def memory_at(workspace: Workspace, memory_id: str, blob: str) -> OpenedMemory:
    """The memory to change in the version that a blob's id, or its first digits, names; as it is now where that is not
    here. Raises as `open_memory` does."""
    opened = open_memory(workspace, memory_id)
    full = None if opened.record.blob.startswith(blob) else workspace.odb.blob_named(blob)
    if full is None:
        return opened
    return OpenedMemory(opened.record._replace(blob=full), parse_document(workspace.store.text(full)))


def record_change(workspace: Workspace, verb: str, opened: OpenedMemory, document: Document) -> Recorded:
    """Record a changed document in the caller's session; an unchanged one records nothing. Raises Refused."""
    if document.text() == opened.document.text():
        return Recorded(opened.record.id, workspace.selection.name or "", "unchanged", opened.record.path, ())
    check = partial(check_write, excludes=workspace.excludes)
    return record_changes(workspace, verb, lambda author: [prepare_change(opened, document, author, check)])[0]


def record_changes(
    workspace: Workspace,
    verb: str,
    prepare: Callable[[Author], Sequence[PreparedChange]],
    note: Mapping[str, str] | None = None,
) -> list[Recorded]:
    """Record the changes that `prepare` makes for their author in the caller's session, as one operation; `note`:
    default, what they are about."""
    with workspace.session_to_write() as (session, started):
        changes = prepare(author_of(workspace.actor, session))
        note = note or {"summary": changes[0].title if len(changes) == 1 else f"{len(changes)} memories"}
        edits = tuple(change.edit for change in changes)
        written = record_entry(workspace, workspace.actor.entry(verb, session, edits, note))
    return [Recorded.of(change.edit, written, change.findings, started) for change in changes]


def prepare_change(opened: OpenedMemory, document: Document, author: Author, check: FileCheck) -> PreparedChange:
    """The change that makes a memory's file this document. Raises Refused for blocking findings."""
    if document.get("modified") == opened.document.get("modified"):
        document = document.with_values({"modified": author.now})
    document = as_recorded(document, opened.document, author.agent, author.session)
    memory, findings = check_document(document, opened.record.path, check)
    edit = FileEdit(opened.record.path, opened.record.id, opened.record.blob, document.text())
    return PreparedChange(edit, memory.title, tuple(findings))


def check_document(document: Document, path: str, check: FileCheck) -> tuple[Memory, list[Finding]]:
    """The memory of a document that may be written to a path. Raises Refused for blocking findings."""
    memory, _ = read_memory(document)
    findings = check(document.text(), path)
    refuse_blocked(findings, document.text())
    if memory is None:
        messages = "; ".join(finding.message for finding in findings)
        raise RefusedText(messages, "correct it; nothing was changed", document.text())
    return memory, findings


def with_private_finding(recorded: Recorded, removed: int) -> Recorded:
    """What was recorded, with a finding where private parts were removed from it."""
    return replace(recorded, findings=(*recorded.findings, *private_left_out(recorded.id, removed)))
