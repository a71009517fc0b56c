"""`mem diff`: the memories that differ between two commits of the store."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import store_to_read
from memcli.core.review.candidates import Candidate
from memcli.git.revision import resolve_commit
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace


@dataclass(frozen=True)
class StoreDiff:
    """The memories that differ between two commits, `old` and `new`."""

    old: str
    new: str
    changes: tuple[Candidate, ...]


def store_diff(workspace: Workspace, old: str | None = None, new: str | None = None) -> StoreDiff:
    """The difference between two revisions (default for `new`: the store's tip).

    Without any, what the caller's session, else the last promotion, changes. Raises NotFound, Usage.
    """
    odb, store, layout = workspace.odb, workspace.store, workspace.layout
    visible = Reader(workspace).visibility.visible
    name = workspace.selection.name
    if old is None and name and workspace.selection.is_open(name):
        session = workspace.sessions.load(name)
        return StoreDiff(session.base, session.tip, tuple(visible(workspace.sessions.candidates(session))))
    if old is None:
        tip = odb.commit(store_to_read(layout)[1])
        first, second = (*tip.parents, tip.id)[0], tip.id
    else:
        first = resolve_commit(odb, layout, old)
        second = resolve_commit(odb, layout, new) if new else store_to_read(layout)[1]
    return StoreDiff(first, second, tuple(visible(store.differences(store.tree_of(first), store.tree_of(second)))))
