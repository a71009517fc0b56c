"""Jobs about sessions: what there is to distil, to review, to generalise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from memcli.branch import SESSION_DIRECTORY
from memcli.core.curator.job import DISTIL, GENERALISE, REVIEW, Job, JobCandidate, JobFinding, JobMemory
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import memory_text
from memcli.core.session.state import Session
from memcli.errors import NotFound
from memcli.index.database.view import View
from memcli.operations.review.gate import last_shown, run_gate
from memcli.operations.views.reader import Reader
from memcli.store import parse_memory
from memcli.workspace import Workspace

MOST_MEMORIES, MOST_CANDIDATES, MOST_BYTES = 200, 200, 1 << 20
"""What one job holds of each; bytes of memories and candidates together."""
CONTEXT, NEAREST = 50, 3
"""Memories shown as context; of those, how many for each candidate."""
NOTES = ("task.md", "summary.md", "commits")
MOST_NOTE = 64 << 10
Item = TypeVar("Item")


def distil_job(workspace: Workspace, name: str) -> Job:
    """An open or ended session's task, notes and candidates, and the memories it was shown. Raises NotFound."""
    session = workspace.sessions.load(name, ended=True)
    with Reader(workspace).main_view() as view:
        shown = [record for memory_id in sorted(last_shown(workspace, session)) if (record := view.get(memory_id))]
        memories = _context(workspace, view, shown[:CONTEXT])
    candidates = _proposed(workspace, workspace.sessions.candidates(session))
    notes = _notes(workspace, session)
    left = len(workspace.sessions.candidates(session)) - len(candidates)
    return Job(DISTIL, memories, session=name, task=session.task, notes=notes, candidates=candidates, left_out=left)


def review_job(workspace: Workspace, name: str) -> Job:
    """What an open session proposes, what the gate says of it, and the memories that come nearest. Raises NotFound."""
    session = workspace.sessions.load(name)
    found = run_gate(workspace, session)
    candidates = _proposed(workspace, found.candidates)
    own = {one.id for one in found.candidates}
    with Reader(workspace).main_view() as view:
        texts = [memory_text(one.after) for one in found.candidates[:CONTEXT] if one.after]
        near = {record.id: record for text in texts for record in view.similar(text, NEAREST) if record.id not in own}
        memories = _context(workspace, view, [near[memory_id] for memory_id in sorted(near)][:CONTEXT])
    remarks = tuple(JobFinding(one.check, one.severity, one.id, one.message) for one in found.findings)
    left = len(found.candidates) - len(candidates)
    return Job(REVIEW, memories, session=name, task=session.task, notes=_notes(workspace, session),
               candidates=candidates, findings=remarks, left_out=left)  # fmt: skip


def generalise_job(workspace: Workspace, name: str | None, only: Sequence[str] = ()) -> Job:
    """The memories named by id, else those that an open or ended session proposed. Raises NotFound, Usage."""
    if only:
        reader = Reader(workspace)
        with reader.view() as view:
            memories = _context(workspace, view, [reader.visibility.find(view, memory_id) for memory_id in only])
        return Job(GENERALISE, memories, session=name or "", left_out=len(only) - len(memories))
    if name is None:
        raise NotFound("no memories to generalise", "name a session, or memories with '--only ID'")
    session = workspace.sessions.load(name, ended=True)
    visibility = Reader(workspace).visibility
    changes = [one for one in workspace.sessions.changes(session) if one.after and one.after.status == "active"
               and not visibility.is_excluded(one.after)]  # fmt: skip
    memories = _as_shown([JobMemory(one.id, one.path, one.title, one.new_text, False, "context") for one in changes])
    return Job(GENERALISE, memories, session=name, task=session.task, left_out=len(changes) - len(memories))


def _context(workspace: Workspace, view: View, records: Iterable[MemorySummary]) -> tuple[JobMemory, ...]:
    unique = {record.id: record for record in records}.values()
    visibility = Reader(workspace).visibility
    public = (one for one in unique if not visibility.is_excluded(parse_memory(view.text(one), one.path).memory))
    return _as_shown([JobMemory(one.id, one.path, one.title, view.text(one), False, "context") for one in public])


def _as_shown(memories: Sequence[JobMemory]) -> tuple[JobMemory, ...]:
    return _fitting(memories[:MOST_MEMORIES], lambda one: one.text)


def _proposed(workspace: Workspace, candidates: Sequence[Candidate]) -> tuple[JobCandidate, ...]:
    visibility = Reader(workspace).visibility
    public = [one for one in candidates if not any(map(visibility.is_excluded, (one.before, one.after)))]
    proposed = [JobCandidate(one.id, one.change, one.title, one.path, one.new_text, one.diff)
                for one in public[:MOST_CANDIDATES]]  # fmt: skip
    return _fitting(proposed, lambda one: one.text + one.diff)


def _fitting(items: Sequence[Item], text: Callable[[Item], str]) -> tuple[Item, ...]:
    """As many as there is room for, in their order."""
    kept, room = list[Item](), MOST_BYTES
    for one in items:
        room -= len(text(one).encode("utf-8", "replace"))
        if room >= 0:
            kept.append(one)
    return tuple(kept)


def _notes(workspace: Workspace, session: Session) -> dict[str, str]:
    """The session's own files, as far as they are there."""
    tree = workspace.store.tree_of(session.tip)
    blobs = {name: workspace.odb.file(tree, f"{SESSION_DIRECTORY}/{name}") for name in NOTES}
    return {name: workspace.store.text(blob)[:MOST_NOTE] for name, blob in blobs.items() if blob}
