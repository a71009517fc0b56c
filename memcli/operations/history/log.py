"""`mem log`, `mem diff`, `mem why`: the store's history by memory, from the promotions along first parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from memcli.branch import SESSIONS
from memcli.core.memory.summary import MemorySummary
from memcli.core.review.candidates import Candidate
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import NotFound
from memcli.git.objects import Commit
from memcli.operations.views.reader import Reader
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
    """What entered the store, newest first: the last `limit` commits, one memory's history, or one key's timeline."""
    records = _records(workspace, memory_id, key)
    paths = None if records is None else [record.path for record in records]
    entries: list[LogEntry] = []
    for number, (commit, candidates) in enumerate(_commits(workspace, paths)):
        if number >= limit and records is None:
            break
        entries += [_entry(commit, one) for one in candidates]
    return entries


def _records(workspace: Workspace, memory_id: str | None, key: str | None) -> list[MemorySummary] | None:
    if memory_id is None and key is None:
        return None
    reader = Reader(workspace)
    with reader.view() as view:
        if memory_id is not None:
            return [reader.visibility.find(view, memory_id)]
        found = view.by_key(key or "")
    if not found:
        raise NotFound(f"no memory has the key {key!r}", "'mem list --all --json' shows the keys")
    return found


def _commits(workspace: Workspace, paths: Sequence[str] | None) -> Iterator[tuple[Commit, list[Candidate]]]:
    """Commits along first parents with the memories they changed, newest first."""
    visibility = Reader(workspace).visibility
    for commit in workspace.odb.first_parents(workspace.tip()[1]):
        if not commit.parents:
            return
        before = workspace.store.tree_of(commit.parents[0])
        if paths is not None and not _touches(workspace, before, commit.tree, paths):
            continue
        changes = visibility.visible(workspace.store.differences(before, commit.tree))
        found = [one for one in changes if paths is None or one.path in paths]
        if found:
            yield commit, found


def _touches(workspace: Workspace, before: str, after: str, paths: Iterable[str]) -> bool:
    return any(workspace.odb.file(before, path) != workspace.odb.file(after, path) for path in paths)


def _entry(commit: Commit, candidate: Candidate) -> LogEntry:
    said = dict(trailers_of(commit.message))
    change = candidate.change if candidate.new_text else "removed"
    if candidate.before and candidate.after and candidate.after.status != candidate.before.status:
        change = candidate.after.status
    return LogEntry(
        commit.id, commit.at, said.get(trailers.SESSION, ""), said.get(trailers.AGENT),
        said.get(trailers.REVIEW, commit.author), change, candidate.id, candidate.title,
    )  # fmt: skip


@dataclass(frozen=True)
class StoreDiff:
    """The memories that differ between two commits (`old` and `new` name them)."""

    old: str
    new: str
    changes: tuple[Candidate, ...]


def store_diff(workspace: Workspace, old: str | None = None, new: str | None = None) -> StoreDiff:
    """Between two commits of the store; without any, what the caller's session (else the last promotion) changes."""
    if old is None:
        return _default_diff(workspace)
    first = workspace.odb.resolve(old)
    second = workspace.odb.resolve(new) if new else workspace.tip()[1]
    return StoreDiff(first, second, _between(workspace, first, second))


def _default_diff(workspace: Workspace) -> StoreDiff:
    name = workspace.selection.name
    if name and workspace.selection.is_open(name):
        session = workspace.sessions.load(name)
        visible = Reader(workspace).visibility.visible(workspace.sessions.candidates(session))
        return StoreDiff(session.base, session.tip, tuple(visible))
    tip = workspace.odb.commit(workspace.tip()[1])
    parent = tip.parents[0] if tip.parents else tip.id
    return StoreDiff(parent, tip.id, _between(workspace, parent, tip.id))


def _between(workspace: Workspace, old: str, new: str) -> tuple[Candidate, ...]:
    trees = workspace.store.tree_of(old), workspace.store.tree_of(new)
    return tuple(Reader(workspace).visibility.visible(workspace.store.differences(*trees)))


@dataclass(frozen=True)
class MemoryLine:
    """A line of a memory's file and the commit that brought it."""

    line: int
    text: str
    commit: str
    at: datetime
    session: str
    agent: str | None
    review: str


@dataclass(frozen=True)
class MemoryOrigin:
    id: str
    title: str
    path: str
    lines: tuple[MemoryLine, ...]


def trace_memory(workspace: Workspace, memory_id: str) -> MemoryOrigin:
    """Where each line of a memory comes from: its promotion's session, agent and reviewer."""
    reader = Reader(workspace)
    with reader.view() as view:
        record = reader.visibility.find(view, memory_id)
        text = view.text(record).removesuffix("\n").split("\n")
    manifest = workspace.index.manifest(record.ref)
    tip = manifest.commit if manifest else workspace.tip()[1]
    origins = workspace.odb.blame(tip, record.path)
    commits = {commit: workspace.odb.commit(commit) for commit in set(origins)}
    in_session = record.ref.startswith(SESSIONS)
    lines = [
        _line(number, words, commits[commit], in_session)
        for number, (words, commit) in enumerate(zip(text, origins, strict=False), 1)
    ]
    return MemoryOrigin(record.id, record.title, record.path, tuple(lines))


def _line(number: int, text: str, commit: Commit, in_session: bool) -> MemoryLine:
    said = dict(trailers_of(commit.message))
    review = said.get(trailers.REVIEW, "not reviewed yet" if in_session else commit.author)
    return MemoryLine(
        number, text, commit.id, commit.at, said.get(trailers.SESSION, ""), said.get(trailers.AGENT), review
    )
