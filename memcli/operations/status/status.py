"""`mem status`: the state of the store, the caller's session, the journal, the index and the dreams."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.operations.dream.dream_history import DreamHistory, LastDream
from memcli.operations.recall.index import IndexStatus, index_status
from memcli.operations.status.store_state import StoreState, read_store_state
from memcli.operations.views.reader import Reader
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Status:
    """`candidates`: how many the caller's session has; `waiting`: (session, candidates) of all that propose something;
    `index`: as it was before this call; `dream`: the last one, promoted or without changes."""

    state: StoreState
    candidates: int
    waiting: tuple[tuple[str, int], ...]
    index: IndexStatus
    dream: LastDream


def store_status(workspace: Workspace) -> Status:
    """The state of everything; only the index is brought up to date. Raises NoStore."""
    index = index_status(workspace)
    state = read_store_state(Reader(workspace), workspace.journal, workspace.selection.name)
    sessions = with_waiting_entries(workspace).sessions
    waiting = tuple((session.name, len(sessions.candidates(session))) for session in sessions.all())
    history = DreamHistory(workspace.layout, workspace.odb, workspace.sessions)
    return Status(
        state=state,
        candidates=dict(waiting).get(state.session or "", 0),
        waiting=tuple(pair for pair in waiting if pair[1]),
        index=index,
        dream=history.last_dream(state.tip, workspace.now),
    )
