"""`mem log`: what entered the store, from the promotions along first parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from memcli.branch import store_to_read
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.core.review.candidates import Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import NotFound
from memcli.git.objects import Commit
from memcli.index.database.view import View
from memcli.operations.history.log_filter import LogFilter
from memcli.operations.memories.narrowing import EVERYTHING, Narrowing
from memcli.operations.views.reader import Reader
from memcli.operations.views.visibility import VisibilityFilter
from memcli.store import Store
from memcli.workspace import Workspace

MOST_COMMITS = 20
"""Commits that are shown where no number was given."""


@dataclass(frozen=True)
class LogRequest:
    """Which entries to show: those of a memory or a key (else of all), of memories that pass the filters as they were
    promoted; of `limit` commits, by default the last 20 or the whole history of the memory or key.

    Of the filters count topics, types, kinds, tags, statuses, evidence and `since`, which is the time of the promotion.
    """

    memory_id: str | None = None
    key: str | None = None
    limit: int | None = None
    filters: Filters = field(default_factory=Filters)
    narrowing: Narrowing = EVERYTHING


NEWEST = LogRequest()


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


@dataclass(frozen=True)
class StoreLog:
    """Entries, newest first, and what to tell whoever asked for them."""

    entries: tuple[LogEntry, ...]
    warnings: tuple[str, ...] = ()


def store_log(workspace: Workspace, request: LogRequest = NEWEST) -> StoreLog:
    """What entered the store, newest first. Raises NotFound for an unknown memory, key or session."""
    reader, tip = Reader(workspace), store_to_read(workspace.layout)[1]
    paths = None
    with reader.view() as view:
        if request.memory_id is not None or request.key is not None:
            records = _selected(view, reader.visibility, request.memory_id, request.key or "")
            paths = [record.path for record in records]
        wanted = LogFilter.of(reader, view, request.filters, request.narrowing)
    history = StoreHistory(workspace.store, reader.visibility, wanted, paths)
    limit = MOST_COMMITS if request.limit is None and paths is None else request.limit
    commits = islice(history.commits(tip), limit)
    return StoreLog(tuple(_entry(commit, change) for commit, changes in commits for change in changes), wanted.warnings)


def _selected(view: View, visibility: VisibilityFilter, memory_id: str | None, key: str) -> Sequence[MemorySummary]:
    """The memory with an id, else those with a key."""
    if memory_id is not None:
        return [visibility.find(view, memory_id)]
    records = view.by_key(key)
    if not records:
        raise NotFound(f"no memory has the key {key!r}", "'mem list --all --json' shows the keys")
    return records


@dataclass(frozen=True)
class StoreHistory:
    """The store's commits with the visible memories that they changed, at any path or at `paths`."""

    store: Store
    visibility: VisibilityFilter
    wanted: LogFilter
    paths: Sequence[str] | None

    def commits(self, tip: str) -> Iterator[tuple[Commit, list[Candidate]]]:
        """Those that have changes to show, along first parents, newest first."""
        for commit in self.store.odb.first_parents(tip):
            if not commit.parents:
                return
            changes = self._changes(commit) if self.wanted.shows_commit(commit) else []
            if changes:
                yield commit, changes

    def _changes(self, commit: Commit) -> list[Candidate]:
        before = self.store.tree_of(commit.parents[0])
        if self.paths is not None and not self._touches(before, commit.tree, self.paths):
            return []
        changes = self.visibility.visible(self.store.differences(before, commit.tree))
        at_paths = (change for change in changes if self.paths is None or change.path in self.paths)
        return [change for change in at_paths if self.wanted.shows_change(change)]

    def _touches(self, before: str, after: str, paths: Iterable[str]) -> bool:
        odb = self.store.odb
        return any(odb.file(before, path) != odb.file(after, path) for path in paths)


def _entry(commit: Commit, candidate: Candidate) -> LogEntry:
    values = dict(trailers_of(commit.message))
    change = candidate.change if candidate.new_text else "removed"
    if candidate.before and candidate.after and candidate.after.status != candidate.before.status:
        change = candidate.after.status
    return LogEntry(
        commit.id, commit.at, values.get(trailers.SESSION, ""), values.get(trailers.AGENT),
        values.get(trailers.REVIEW, commit.author), change, candidate.id, candidate.title,
    )  # fmt: skip
