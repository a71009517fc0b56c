"""`mem edit`, `retire`, `supersede`, `resolve`: changes to memories that are there, as candidates of the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from memcli.core.finding import Finding
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, DocumentError, Value, decode, parse_document
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import Memory
from memcli.core.memory.retirement import retired
from memcli.core.memory.schema import as_recorded, read_memory
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.private import value_without_private, without_private
from memcli.entries import entry_for
from memcli.errors import Refused, Usage
from memcli.operations.views.reader import Reader
from memcli.operations.writing.admission import findings_of, private_left_out
from memcli.operations.writing.anchors import anchored
from memcli.operations.writing.record import Recorded, Written, record, refuse_blocked
from memcli.state.journal import FileEdit
from memcli.workspace import Workspace


@dataclass(frozen=True)
class OpenedMemory:
    """A memory's file as it was read: what an edit is based on."""

    record: MemorySummary
    document: Document


def open_memory(workspace: Workspace, memory_id: str) -> OpenedMemory:
    """The memory to change. Raises NotFound, Usage, and Refused for an agent where it is read-only or excluded."""
    reader = Reader(workspace)
    with reader.view() as view:
        record = reader.visibility.find(view, memory_id)
        document = parse_document(view.text(record))
    if record.read_only and workspace.config.agent:
        raise Refused(f"{record.id[-6:]} is read-only for agents", "ask a person to change it")
    return OpenedMemory(record, document)


def edit_memory(
    workspace: Workspace, source: OpenedMemory, values: Mapping[str, Value], body: str | None = None
) -> Recorded:
    """Change front matter keys (None removes) and, where given, the body."""
    (values, body), count = value_without_private((values, body))
    document = source.document.with_values(_anchored(workspace, values))
    if body is not None:
        if not body.strip():
            raise Usage("a memory needs a body", f"'mem retire {source.record.id[-6:]}' takes it out of use")
        document = document.with_body(body.strip("\n") + "\n")
    return with_private_finding(record_change(workspace, "edit", source, document), count)


def with_private_finding(done: Recorded, count: int) -> Recorded:
    """What was recorded, with the remark that so many private parts were left out."""
    return replace(done, findings=(*done.findings, *private_left_out(done.id, count)))


def _anchored(workspace: Workspace, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """New code paths get the blob that is there now."""
    paths = values.get("paths")
    if not isinstance(paths, tuple):
        return values
    anchors = anchored(workspace, [Anchor.parse(str(path)) for path in paths])
    return {**values, "paths": tuple(str(anchor) for anchor in anchors)}


def replace_file_text(workspace: Workspace, source: OpenedMemory, text: str) -> Recorded:
    """Replace the whole file, as an editor left it. Raises Refused with the line of what is wrong."""
    text, count = without_private(text)
    try:
        document = parse_document(decode(text.encode()))
    except DocumentError as error:
        raise Refused(str(error), "correct it; nothing was changed") from error
    if document.get("id") != source.record.id:
        raise Refused("the id cannot be changed", "'mem supersede' replaces one memory by another")
    return with_private_finding(record_change(workspace, "edit", source, document), count)


def retire_memory(workspace: Workspace, memory_id: str, reason: str) -> Recorded:
    """Propose that a memory is no longer used; it stays readable in the history and with `--all`."""
    source = open_memory(workspace, memory_id)
    if source.record.status in ("retired", "withdrawn"):
        raise Refused(
            f"{memory_id} is {source.record.status} already", f"'mem log {source.record.id[-6:]}' shows since when"
        )
    reason, count = without_private(reason)
    now = format_instant(workspace.now)
    document = retired(source.document, reason or "no longer holds", now, workspace.actor)
    return with_private_finding(record_change(workspace, "retire", source, document), count)


def record_change(
    workspace: Workspace, verb: str, source: OpenedMemory, document: Document, more: tuple[FileEdit, ...] = ()
) -> Recorded:
    """Record a changed document; saying the same again records nothing."""
    if document.text() == source.document.text() and not more:
        return Recorded(source.record.id, workspace.selection.name or "", "unchanged", source.record.path, ())
    change = prepare_change(workspace, source, document)
    with workspace.session_to_write() as (session, started):
        summary = {"summary": change.title}
        written = record(workspace, entry_for(workspace, verb, session, (change.edit, *more), summary))
    return change.recorded(written, started)


@dataclass(frozen=True)
class PreparedChange:
    """A memory's file as it is to be recorded, and what the checks say of it."""

    edit: FileEdit
    title: str
    findings: tuple[Finding, ...]

    def recorded(self, written: Written, started: bool) -> Recorded:
        """The change as it was recorded."""
        place, state = self.edit.path, written.state
        return Recorded(self.edit.id, written.session, state, place, self.findings, started, written.delayed)


def prepare_change(workspace: Workspace, source: OpenedMemory, document: Document) -> PreparedChange:
    """The change that makes a memory's file this document. Raises Refused for blocking findings."""
    if document.get("modified") == source.document.get("modified"):
        document = document.with_values({"modified": format_instant(workspace.now)})
    document = as_recorded(document, source.document, workspace.config.agent is not None)
    memory, findings = check_document(workspace, document, source.record.path)
    edit = FileEdit(source.record.path, source.record.id, source.record.blob, document.text())
    return PreparedChange(edit, memory.title, tuple(findings))


def check_document(workspace: Workspace, document: Document, path: str) -> tuple[Memory, list[Finding]]:
    """The memory of a document that may be written. Raises Refused for blocking findings."""
    memory, _ = read_memory(document)
    findings = findings_of(workspace, document.text(), path)
    refuse_blocked(findings)
    if memory is None:
        raise Refused("; ".join(one.message for one in findings), "correct it; nothing was changed")
    return memory, findings
