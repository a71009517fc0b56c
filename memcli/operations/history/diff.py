"""`mem diff`: the memories that differ between two commits of the store."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import store_to_read
from memcli.core.review.candidates import Candidate
from memcli.errors import NotFound
from memcli.git.layout import Layout
from memcli.git.odb import Odb
from memcli.git.revision import resolve_commit
from memcli.operations.views.reader import Reader
from memcli.operations.views.snapshot import is_of_the_store
from memcli.workspace import Workspace


def _commit_of_the_store(odb: Odb, layout: Layout, text: str) -> str:
    """The commit that a text names. Raises NotFound for one of the user's code."""
    commit = resolve_commit(odb, layout, text)
    if not is_of_the_store(odb, layout, store_to_read(layout)[1], commit):
        hint = "give one of mem/main or of a session, for example 'mem/main~1'; 'mem log' lists promotions"
        raise NotFound(f"{text[:60]!r} is not a commit of the store", hint)
    return commit


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
        candidates = workspace.sessions.candidates(session)
        if candidates or not session.goes_on:
            return StoreDiff(session.base, session.tip, tuple(visible(candidates)))
    if old is None:
        tip = odb.commit(store_to_read(layout)[1])
        first, second = (*tip.parents, tip.id)[0], tip.id
    else:
        first = _commit_of_the_store(odb, layout, old)
        second = _commit_of_the_store(odb, layout, new) if new else store_to_read(layout)[1]
    return StoreDiff(first, second, tuple(visible(store.differences(store.tree_of(first), store.tree_of(second)))))
