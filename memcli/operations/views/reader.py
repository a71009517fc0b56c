"""The home of `Reader`: the store as one caller sees it, the index brought up to date first.

While the index is current nothing here imports libgit2: the refs' commits are compared with its manifests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.branch import POLICY_FILE, SESSIONS, store_to_read, store_to_write
from memcli.core.memory.instants import format_instant
from memcli.core.session.entry_verbs import READ
from memcli.errors import Conflict, MemError
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.index.database.view import View
from memcli.index.storage.connection import IndexDamaged
from memcli.index.storage.manifest import FileChange, Manifest
from memcli.index.storage.tables import SCHEMA
from memcli.index.storage.use_counts import read_uses
from memcli.index.vectors.embedding import Embedder, Unavailable
from memcli.operations.views.index_update import (
    ATTEMPTS,
    file_changes,
    index_session,
    index_tip,
    is_indexed,
    memory_deltas,
    unsaved_file,
)
from memcli.operations.views.visibility import VisibilityFilter
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.index.database.index import Index
    from memcli.operations.views.new_read import NewRead
    from memcli.operations.views.snapshot import Snapshot
    from memcli.operations.views.staleness_judge import StalenessJudge
    from memcli.store import Store


class Reader:
    """Opens views of the store for one caller, and records in the caller's session what it was shown."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def layout(self) -> Layout:
        return self._workspace.layout

    @property
    def settings(self) -> Mapping[str, str]:
        """git's settings below `mem.`."""
        return self._workspace.settings

    @property
    def index(self) -> Index:
        return self._workspace.index

    @property
    def store(self) -> Store:
        """The trees of the store; opening it loads libgit2."""
        return self._workspace.store

    @property
    def embedder(self) -> Embedder | None:
        """What makes vectors here. Raises Unavailable."""
        return self._workspace.embedder

    def tip(self) -> tuple[str, str]:
        """(ref, commit) of the store. Raises NoStore."""
        return store_to_read(self.layout)

    @contextmanager
    def view(self, session: str | None = None, meaning: bool = False) -> Iterator[View]:
        """The store's tip, with what a session (default: the caller's) proposes and has queued; with `meaning`, the
        view can also be searched by it (`View.dense`)."""
        with ExitStack() as stack:
            yield self._entered(stack, lambda: self._view(session, meaning))

    @contextmanager
    def _view(self, session: str | None, meaning: bool) -> Iterator[View]:
        ref = self._caught_up()
        name = session or self._workspace.selection.name
        session_ref = self._catch_up_session(name) if name else None
        queued = self._queued(name) if name else ()
        embedder, failure = self._embedder(meaning)
        with self.index.view(ref, session_ref, queued, embedder) as view:
            view.degraded = failure or view.degraded
            view.count_uses = lambda: read_uses(Path(self.layout.mem_dir, "index"))
            yield view

    @contextmanager
    def main_view(self, extra: Sequence[FileChange] = ()) -> Iterator[View]:
        """The store's tip without any session, with `extra` files as if they were in it."""
        with ExitStack() as stack:
            yield self._entered(stack, lambda: self.index.view(self._caught_up(), extra=extra))

    def _entered(self, stack: ExitStack, open_view: Callable[[], AbstractContextManager[View]]) -> View:
        """A view that holds the store, opened again where another process has just replaced or lost the index."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with ExitStack() as opening:
                    view = opening.enter_context(open_view())
                    if not view.tree:
                        raise Conflict("another process is rebuilding the index", "run the command again")
                    stack.enter_context(opening.pop_all())
                    return view
            except (Conflict, IndexDamaged):
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def view_at(
        self, snapshot: Snapshot | None, meaning: bool = False, session: str | None = None
    ) -> AbstractContextManager[View]:
        """The store as of a snapshot; None: as it is now, with what a session (default: the caller's) proposes."""
        return self.view(session, meaning) if snapshot is None else self.past_view(snapshot, meaning)

    def check_session(self, name: str, view: View) -> None:
        """Check that a session is open or has ended, or that a memory of the view is from it. Raises NotFound."""
        if not view.origins.has_session(name):
            journal = self._workspace.journal
            self._workspace.selection.check_known(name, lambda session: bool(journal.entries(session)))

    @contextmanager
    def past_view(self, snapshot: Snapshot, meaning: bool = False) -> Iterator[View]:
        """The store as of a snapshot, from the index and the tree diff."""
        with ExitStack() as stack:
            yield self._entered(stack, lambda: self._past_view(snapshot, meaning))

    @contextmanager
    def _past_view(self, snapshot: Snapshot, meaning: bool) -> Iterator[View]:
        manifest = self.index.manifest(self._caught_up())
        if manifest is None:
            raise IndexDamaged("the index was lost meanwhile", "run the command again: it is rebuilt")
        embedder, failure = self._embedder(meaning)
        then = Manifest(manifest.ref, snapshot.tree, snapshot.commit, SCHEMA)
        files = self._changes(manifest.tree, snapshot.tree)
        with self.index.past(then, files, base=manifest.tree, embedder=embedder) as view:
            view.degraded = failure or view.degraded
            yield view

    @contextmanager
    def tree_view(self, snapshot: Snapshot, meaning: bool = False) -> Iterator[View]:
        """Any tree of the store, like `past_view`; one that lacks no file of the store's tip is laid over it, which
        answers eight times faster at 10,000 memories, with the same hits."""
        ref = self._caught_up()
        manifest = self.index.manifest(ref)
        files = self._changes(manifest.tree, snapshot.tree) if manifest else ()
        if manifest and all(file.blob for file in files):
            embedder, failure = self._embedder(meaning)
            with self.index.view(ref, extra=files, embedder=embedder) as view:
                if view.tree == manifest.tree:
                    view.degraded = failure or view.degraded
                    yield view
                    return
        with self.past_view(snapshot, meaning) as view:
            yield view

    def snapshot(self, text: str | None) -> Snapshot | None:
        """The snapshot that a date, or the name of a commit, means; None for none. Raises Usage."""
        from memcli.operations.views.snapshot import find_snapshot

        if text is None:
            return None
        return find_snapshot(self.store.odb, self.layout, self.tip()[1], text)

    def judge(self, commit: str | None = None) -> StalenessJudge:
        """What judges memories against the code at a commit (default: HEAD). Raises NoStore; no index is made then."""
        from memcli.operations.views.staleness_judge import StalenessJudge

        self.tip()
        return StalenessJudge(self.layout, self.index, self._workspace.code_at, commit)

    @cached_property
    def visibility(self) -> VisibilityFilter:
        """What the caller may see."""
        return VisibilityFilter(self._workspace.config.agent is not None, lambda: self._workspace.excludes)

    def excluded_files(self, session: str) -> set[str]:
        """The files of the excluded memories that a session sees."""
        if not self._workspace.excludes:
            return set()
        with self.view(session) as view:
            return self.visibility.excluded_files(view)

    def catch_up(self, ref: str, tip: str) -> int:
        """Bring the index to a tip of the store; return how many files changed."""
        with suppress(IndexDamaged):  # a fresh index is in its place then
            if is_indexed(self.index, ref, tip):
                return 0
        return index_tip(self.index, self.store, ref, tip)

    def catch_up_early(self) -> None:
        """Bring the index along right after a promotion, so that the next recall need not; failing does no harm."""
        try:
            self.catch_up(*store_to_write(self.layout))
        except (MemError, OSError):
            return

    def record_read(self, read: NewRead) -> None:
        """Note in the caller's session what it was shown; without a session nothing is noted, and none is started."""
        workspace, name = self._workspace, self._workspace.selection.name
        if name is None or not (workspace.selection.is_open(name) or workspace.journal.entries(name)):
            return

        manifest = self.index.manifest(self.tip()[0]) if read.tree is None else None
        line = read.recorded(format_instant(workspace.now), manifest.tree if manifest else "").line()
        try:
            workspace.journal.append(workspace.actor.entry(READ, name, note={"read": line}))
        except MemError:
            return  # an answer is worth more than its record

    def _caught_up(self) -> str:
        """The store's ref, whose tip is indexed now."""
        ref, tip = self.tip()
        self.catch_up(ref, tip)
        return ref

    def _catch_up_session(self, name: str) -> str | None:
        """Index the candidates of an open session; None where there is no such session (yet)."""
        workspace, ref = self._workspace, SESSIONS + name
        tip = read_ref(workspace.layout, ref)
        if tip is None:
            return None
        if not is_indexed(workspace.index, ref, tip):
            index_session(workspace.index, workspace.sessions, workspace.store, workspace.sessions.load(name))
        return ref

    def _queued(self, name: str) -> list[FileChange]:
        """The session's writes that wait in the journal, as files."""
        edits = [edit for entry in self._workspace.journal.entries(name) for edit in entry.edits]
        return [unsaved_file(edit.path, edit.text) for edit in edits if edit.path != POLICY_FILE]

    def _changes(self, indexed: str, wanted: str) -> list[FileChange]:
        odb = self.store.odb
        return list(file_changes(odb, memory_deltas(odb, indexed, wanted)))

    def _embedder(self, meaning: bool) -> tuple[Embedder | None, str | None]:
        """What makes vectors here, or why nothing does although something should."""
        try:
            return (self.embedder if meaning else None), None
        except Unavailable as error:
            return None, error.message
