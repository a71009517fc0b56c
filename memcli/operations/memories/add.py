"""`mem add`: new memories into the caller's session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from memcli.core.finding import Finding
from memcli.core.memory.document import MAX_BYTES, DocumentError, Value, decode, new_document
from memcli.core.memory.identity import slug
from memcli.core.memory.keys import MEM, set_by
from memcli.core.memory.memory import Memory, Source, front_matter
from memcli.core.memory.schema import read_memory
from memcli.core.review.private import value_without_private, without_private
from memcli.core.text.prose import first_title
from memcli.entries import entry_for
from memcli.errors import Refused, Usage
from memcli.git.ref_files import read_ref
from memcli.operations.writing.admission import findings_of, pack_left_out, private_left_out, without_packs
from memcli.operations.writing.anchors import anchored
from memcli.operations.writing.record import COMMITTED, QUEUED, Recorded, Written, drain_entry, record, refuse_blocked
from memcli.state.journal import FileEdit
from memcli.store import path_for
from memcli.workspace import Workspace

TYPE_KINDS = {"procedure": "procedural", "event": "episodic", "attempt": "episodic"}


def add_memories(
    workspace: Workspace, drafts: Sequence[Mapping[str, Value]], once: str | None = None
) -> list[Recorded]:
    """Record drafts (front matter keys and `body`) as one operation: all of them or none.

    Raises Usage for an empty body, Refused for blocking findings, Failure where nothing could be recorded.
    """
    workspace.main()
    once = once and without_private(once)[0]
    if once and (known := _known(workspace, once)):
        return known
    cleaned = [value_without_private(draft) for draft in drafts]
    with workspace.session_to_write() as (session, started):
        ids = [once and _once_id(once, number) for number in range(len(drafts))]
        memories = [
            complete_draft(workspace, draft, session, fixed) for (draft, _), fixed in zip(cleaned, ids, strict=True)
        ]
        edits, findings = _edits(workspace, memories)
        written = record(workspace, entry_for(workspace, "add", session, edits, _note(memories, once)))
    if once and written.state == COMMITTED and written.operation is None:
        return _known(workspace, once)  # another call with this key was quicker
    remarks = [private_left_out(edit.id, count) for edit, (_, count) in zip(edits, cleaned, strict=True)]
    return [
        _added(edit, (*found, *remark, *pack_left_out(edit.id, draft.get("body"))), written, started)
        for edit, found, remark, (draft, _) in zip(edits, findings, remarks, cleaned, strict=True)
    ]


def _note(memories: Sequence[Memory], once: str | None) -> dict[str, str]:
    summary = memories[0].title if len(memories) == 1 else f"{len(memories)} memories"
    return {"summary": summary, **({"once": once} if once else {})}


def _added(edit: FileEdit, findings: tuple[Finding, ...], written: Written, started: bool) -> Recorded:
    changed = [one.path for one in written.operation.changes] if written.operation else []
    path = next((path for path in changed if path.endswith(f"{edit.id[-6:]}.md")), edit.path)
    return Recorded(edit.id, written.session, written.state, path, findings, started, written.delayed)


def _edits(workspace: Workspace, memories: Sequence[Memory]) -> tuple[list[FileEdit], list[tuple[Finding, ...]]]:
    edits, findings, taken = list[FileEdit](), list[tuple[Finding, ...]](), list[str]()
    for memory in memories:
        path = path_for(memory, taken)
        text = new_document(front_matter(memory), memory.body).text()
        found = findings_of(workspace, text, path)
        refuse_blocked(found)
        taken.append(path)
        edits.append(FileEdit(path, memory.id, None, text))
        findings.append(tuple(found))
    return edits, findings


def complete_draft(
    workspace: Workspace, draft: Mapping[str, Value], session: str, memory_id: str | None = None
) -> Memory:
    """A memory from what its author gave: the rest (id, title, kind, dates, source) is filled in."""
    body = draft.get("body")
    if not isinstance(body, str) or not body.strip():
        raise Usage("a memory needs a body", "give it as an argument, or from a pipe with 'mem add -'")
    body = without_packs(_normalised(body))
    ignored = {"body", *set_by(MEM)}
    said = {key: value for key, value in draft.items() if key not in ignored and value not in (None, "", ())}
    front = {**_defaults(workspace, said, body), **said, "id": memory_id or workspace.new_id()}
    try:
        memory, findings = read_memory(new_document(front, body.strip("\n") + "\n"))
    except DocumentError as error:
        raise Usage(f"the front matter is no text: {error.message}", "a memory is UTF-8 text") from error
    if memory is None:
        raise Refused("; ".join(one.message.partition(": ")[2] or one.message for one in findings), findings[0].next)
    paths = anchored(workspace, memory.paths)
    return replace(
        memory, paths=paths, evidence=_evidence(workspace, memory), source=_source(workspace, memory.source, session)
    )


def _normalised(body: str) -> str:
    """The body as files have it: UTF-8, LF, NFC. Raises Usage for bytes that are no text."""
    try:
        data = body.encode("utf-8", "surrogateescape")
        return decode(data, limit=max(MAX_BYTES, len(data)))
    except (DocumentError, UnicodeEncodeError) as error:
        raise Usage(f"the body is no text: {error}", "a memory is UTF-8 text") from error


def _defaults(workspace: Workspace, said: Mapping[str, Value], body: str) -> dict[str, Value]:
    from memcli.core.memory.instants import format_instant

    kind = said.get("kind") or TYPE_KINDS.get(str(said.get("type")), "semantic")
    natural = {"procedural": "procedure", "episodic": "event"}
    topic = slug(str(said.get("topic") or _topic_of_anchors(said.get("paths"))), "general")
    instant = format_instant(workspace.now)
    return {
        "title": first_title(body) or "untitled",
        "kind": kind,
        "type": natural.get(str(kind), "fact"),
        "topic": topic,
        "created": instant,
        "modified": said.get("created") or instant,
    }


def _topic_of_anchors(paths: Value) -> str:
    """The directory that the first anchor lies in, without the `src` every path begins with."""
    first = paths[0] if isinstance(paths, tuple) and paths else ""
    parts = [part for part in str(first).split("/")[:-1] if part not in ("src", "lib", ".", "")]
    return parts[0] if parts else "general"


def _evidence(workspace: Workspace, memory: Memory) -> str:
    """What an agent calls a person's word is its own conclusion."""
    agent = workspace.config.agent is not None
    if memory.evidence is None:
        return "inference" if agent else "human"
    return "inference" if agent and memory.evidence == "human" else memory.evidence


def _source(workspace: Workspace, said: Source, session: str) -> Source:
    head = read_ref(workspace.layout, "HEAD")
    return Source(session, workspace.config.agent, head[:8] if head else None, said.ref)


def _once_id(once: str, number: int) -> str:
    """The id of the memory with this number in the batch of a key; those of one batch sort by their numbers."""
    import hashlib

    from memcli.core.memory.identity import ulid
    from memcli.core.memory.instants import parse_instant

    batch, one = (hashlib.sha256("\0".join(parts).encode()).digest() for parts in ((once,), (once, str(number))))
    return ulid(parse_instant("1970-01-01"), batch[:4] + number.to_bytes(3, "big") + one[:3])


def _known(workspace: Workspace, once: str) -> list[Recorded]:
    """What an earlier call with this key recorded: waiting in the journal (then it is carried out now), or done."""
    entries = (entry for _, entry in workspace.journal.pending() if not isinstance(entry, ValueError))
    waiting = next((entry for entry in entries if entry.note.get("once") == once), None)
    delayed = drain_entry(workspace, waiting.op) if waiting else ""
    if done := workspace.oplog.find_once(once):
        paths = [change.path for change in done.changes]
        return [
            Recorded(_once_id(once, number), done.session, COMMITTED, path, ()) for number, path in enumerate(paths)
        ]
    if waiting is None or not workspace.journal.waits(waiting.op):
        return []  # nothing, or it was set aside
    return [Recorded(edit.id, waiting.session, QUEUED, edit.path, (), delayed=delayed) for edit in waiting.edits]
