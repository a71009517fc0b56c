"""`mem log`: what entered the store, from the promotions along first parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from memcli.branch import store_to_read
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.candidates import Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import NotFound
from memcli.git.objects import Commit
from memcli.index.database.view import View
from memcli.operations.views.reader import Reader
from memcli.operations.views.visibility import VisibilityFilter
from memcli.store import Store
from memcli.workspace import Workspace


@dataclass(frozen=True)
class LogEntry:
    """One memory changed by one commit of the store."""

    commit: str
    at: datetime
    session: str
    agent: str | None
    review: str
    change: str
    id: str
    title: str


def store_log(
    workspace: Workspace, memory_id: str | None = None, key: str | None = None, limit: int = 20
) -> list[LogEntry]:
    """What entered the store, newest first: by the last `limit` commits, or the whole history of one memory or key.

    Raises NotFound for an unknown memory or key.
    """
    reader, tip = Reader(workspace), store_to_read(workspace.layout)[1]
    paths = None
    if memory_id is not None or key is not None:
        with reader.view() as view:
            records = _selected(view, reader.visibility, memory_id, key or "")
        paths = [record.path for record in records]
    commits = _commits(workspace.store, tip, reader.visibility, paths)
    if paths is None:
        commits = islice(commits, limit)
    return [_entry(commit, change) for commit, changes in commits for change in changes]


def _selected(view: View, visibility: VisibilityFilter, memory_id: str | None, key: str) -> Sequence[MemorySummary]:
    """The memory with an id, else those with a key."""
    if memory_id is not None:
        return [visibility.find(view, memory_id)]
    records = view.by_key(key)
    if not records:
        raise NotFound(f"no memory has the key {key!r}", "'mem list --all --json' shows the keys")
    return records


def _commits(
    store: Store, tip: str, visibility: VisibilityFilter, paths: Sequence[str] | None
) -> Iterator[tuple[Commit, list[Candidate]]]:
    """Commits along first parents, newest first, each with the visible memories it changed (None: at any path)."""
    for commit in store.odb.first_parents(tip):
        if not commit.parents:
            return
        before = store.tree_of(commit.parents[0])
        if paths is not None and not _touches(store, before, commit.tree, paths):
            continue
        changes = visibility.visible(store.differences(before, commit.tree))
        changes = [change for change in changes if paths is None or change.path in paths]
        if changes:
            yield commit, changes


def _touches(store: Store, before: str, after: str, paths: Iterable[str]) -> bool:
    return any(store.odb.file(before, path) != store.odb.file(after, path) for path in paths)


def _entry(commit: Commit, candidate: Candidate) -> LogEntry:
    values = dict(trailers_of(commit.message))
    change = candidate.change if candidate.new_text else "removed"
    if candidate.before and candidate.after and candidate.after.status != candidate.before.status:
        change = candidate.after.status
    return LogEntry(
        commit.id, commit.at, values.get(trailers.SESSION, ""), values.get(trailers.AGENT),
        values.get(trailers.REVIEW, commit.author), change, candidate.id, candidate.title,
    )  # fmt: skip
