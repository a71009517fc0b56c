"""`mem status`: where the store, the session, the queue and the index stand."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import store_to_read
from memcli.core.memory.questions import CONFLICT
from memcli.core.session.entry_verbs import READ
from memcli.operations.dream.dream_history import DreamHistory, LastDream
from memcli.operations.recall.index import IndexStatus, index_status
from memcli.operations.views.reader import Reader
from memcli.operations.writing.kept_drafts import list_drafts
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Status:
    """`waiting`: (session, candidates) of all that propose something; `failed`: (operation, reason) set aside;
    `unreadable`: (operation or directory, reason) of what waits and cannot be read now; `drafts`: texts from an
    editor that are not recorded.

    `dream`: the last one, promoted or without changes."""

    branch: str
    tip: str
    memories: int
    session: str | None
    candidates: int
    waiting: tuple[tuple[str, int], ...]
    queued: int
    failed: tuple[tuple[str, str], ...]
    unreadable: tuple[tuple[str, str], ...]
    drafts: int
    index: IndexStatus
    conflicts: int
    attention: int
    questions: int
    dream: LastDream


def store_status(workspace: Workspace) -> Status:
    """The state of everything; only the index is brought up to date. Raises NoStore."""
    ref, tip = store_to_read(workspace.layout)
    before = index_status(workspace)
    with Reader(workspace).main_view() as view:
        memories = view.count()
        asked = [{question.kind for question in record.questions} for record in view.questions.asking()]
    sessions = with_waiting_entries(workspace).sessions
    waiting = tuple((session.name, len(sessions.candidates(session))) for session in sessions.all())
    name = workspace.selection.name
    history = DreamHistory(workspace.layout, workspace.odb, workspace.sessions)
    return Status(
        branch=ref.removeprefix("refs/heads/"),
        tip=tip,
        memories=memories,
        session=name,
        candidates=dict(waiting).get(name or "", 0),
        waiting=tuple(pair for pair in waiting if pair[1]),
        queued=sum(1 for _, entry in workspace.journal.pending() if getattr(entry, "verb", "") != READ),
        failed=tuple(workspace.journal.failed()),
        unreadable=tuple(workspace.journal.unreadable()),
        drafts=len(list_drafts(workspace)),
        index=before,
        conflicts=sum(CONFLICT in kinds for kinds in asked),
        attention=sum(bool(kinds - {CONFLICT}) for kinds in asked),
        questions=len(asked),
        dream=history.last_dream(tip, workspace.now),
    )
