"""All that happened to one memory: each promotion that changed it, with the change itself."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.review.candidates import Candidate
from memcli.operations.history.log import LogEntry, LogRequest, store_log
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace


@dataclass(frozen=True)
class HistoryStep:
    """One promotion's change of a memory; `candidate`: its text before and after."""

    entry: LogEntry
    candidate: Candidate


def memory_history(workspace: Workspace, memory_id: str) -> tuple[HistoryStep, ...]:
    """The changes of a memory in the store, the newest first; none of a candidate. Raises NotFound, Usage."""
    visible = Reader(workspace).visibility.visible
    changes = list[HistoryStep]()
    for entry in store_log(workspace, LogRequest(memory_id)).entries:
        commit = workspace.odb.commit(entry.commit)
        trees = (workspace.store.tree_of(id) for id in (commit.parents[0], commit.id))
        candidates = visible(workspace.store.differences(*trees))
        changes += [HistoryStep(entry, candidate) for candidate in candidates if candidate.id == entry.id]
    return tuple(changes)
