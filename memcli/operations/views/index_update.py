"""Bringing the index to what git has: the store's tip by the tree diff, an open session by its candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from memcli.branch import POLICY_FILE, SESSIONS, is_memory_path
from memcli.core.memory.anchors import blob_id
from memcli.errors import Conflict
from memcli.index.storage.connection import IndexDamaged
from memcli.index.storage.manifest import FileChange, Manifest
from memcli.index.storage.tables import SCHEMA

if TYPE_CHECKING:
    from memcli.core.session.state import Session
    from memcli.git.objects import Delta
    from memcli.git.odb import Odb
    from memcli.index.database.index import Index
    from memcli.sessions import Sessions
    from memcli.store import Store

ATTEMPTS = 4
"""How often the index is updated or read: another process may be quicker, or a fresh index replace a broken one."""


def is_indexed(index: Index, ref: str, commit: str) -> bool:
    """Whether the rows of a ref are those of a commit. Raises IndexDamaged."""
    manifest = index.manifest(ref)
    return manifest is not None and manifest.commit == commit


def index_tip(index: Index, store: Store, ref: str, tip: str) -> int:
    """Bring the index to the store's tip; return how many files changed."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _index_tip(index, store, ref, tip)
        except (Conflict, IndexDamaged):
            continue
    return _index_tip(index, store, ref, tip)


def _index_tip(index: Index, store: Store, ref: str, tip: str) -> int:
    manifest = index.manifest(ref)
    if manifest and manifest.commit == tip:
        return 0
    tree = store.tree_of(tip)
    base = manifest.tree if manifest and store.odb.has(manifest.tree) else None
    deltas = memory_deltas(store.odb, base, tree)
    files = file_changes(store.odb, deltas)
    index.update(Manifest(ref, tree, tip, SCHEMA), files, replace=base is None, base=base)
    return len(deltas)


def index_session(index: Index, sessions: Sessions, store: Store, session: Session) -> None:
    """Make the rows of an open session those of its candidates."""
    tree = store.tree_of(session.tip)
    paths = [candidate.path for candidate in sessions.candidates(session) if candidate.path != POLICY_FILE]
    files = [file_change(store.odb, path, store.odb.file(tree, path)) for path in paths]
    index.update(Manifest(SESSIONS + session.name, tree, session.tip, SCHEMA), files, replace=True)


def memory_deltas(odb: Odb, old_tree: str | None, new_tree: str) -> list[Delta]:
    """The memory files that differ between two trees; what a partial clone lacks of them is fetched at once."""
    deltas = [delta for delta in odb.diff(old_tree, new_tree) if is_memory_path(delta.path)]
    odb.prefetch(delta.new for delta in deltas if delta.new)
    return deltas


def file_changes(odb: Odb, deltas: Iterable[Delta]) -> Iterator[FileChange]:
    """The new side of each difference as the index takes it."""
    return (file_change(odb, delta.path, delta.new) for delta in deltas)


def file_change(odb: Odb, path: str, blob: str | None) -> FileChange:
    """A file of a tree; no blob means that it is gone."""
    return FileChange(path, blob, odb.blob(blob) if blob else b"")


def unsaved_file(path: str, text: str) -> FileChange:
    """A file that is in no tree yet."""
    data = text.encode()
    return FileChange(path, blob_id(data), data)
