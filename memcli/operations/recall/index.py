"""`mem index`: what the derived index holds, bring it up to date, rebuild it, verify it."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import is_memory_path, store_to_read
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.index.database.index import Index
from memcli.index.storage.manifest import Manifest
from memcli.index.storage.tables import SCHEMA
from memcli.index.vectors.embedding import Embedder
from memcli.operations.views.chroma_sync import LONG_PATIENCE, ChromaSync
from memcli.operations.views.index_update import file_change, index_tip
from memcli.operations.views.reader import Reader
from memcli.operations.views.recorded_reads import update_use_counts
from memcli.workspace import Workspace


@dataclass(frozen=True)
class IndexStatus:
    """`behind`: the files that differ between the indexed tree and the tip (None: nothing is indexed); `chroma`: where
    the collection is, if one is in use."""

    tree: str
    indexed: str | None
    behind: int | None
    embedder: str
    persistent: bool
    unreadable: tuple[tuple[str, str], ...]
    chroma: str | None


def index_status(workspace: Workspace) -> IndexStatus:
    """How far the index is behind the store's tip; changes nothing."""
    ref, tip = store_to_read(workspace.layout)
    tree, manifest = workspace.store.tree_of(tip), workspace.index.manifest(ref)
    behind = len(workspace.odb.diff(manifest.tree, tree)) if manifest and workspace.odb.has(manifest.tree) else None
    return IndexStatus(
        tree=tree,
        indexed=manifest.tree if manifest else None,
        behind=behind,
        embedder=workspace.embedder.name if workspace.embedder else "none",
        persistent=workspace.index.persistent,
        unreadable=tuple(workspace.index.unreadable(ref)),
        chroma=ChromaSync(Reader(workspace)).place,
    )


def sync_index(workspace: Workspace, rebuild: bool = False, chroma: bool = False) -> int:
    """Bring the index to the tip, from scratch with `rebuild`, and drop sessions that are gone; the files read.

    The Chroma collection follows where there is one, or with `chroma`. Raises MemError where it cannot.
    """
    ref, tip = store_to_read(workspace.layout)
    reader = Reader(workspace)
    if rebuild:
        with workspace.index.rebuilding() as fresh:
            changed = index_tip(fresh, workspace.store, ref, tip)
    else:
        _forget_removed(workspace.index, workspace.layout)
        changed = reader.catch_up(ref, tip)
    update_use_counts(workspace.layout, workspace.odb, workspace.store, tip)
    collection = ChromaSync(reader)
    if workspace.embedder:
        workspace.index.embed(workspace.embedder)
    if chroma or (workspace.embedder and collection.is_in_use()):
        collection.synced(rebuild, LONG_PATIENCE)
    return changed


def _forget_removed(index: Index, layout: Layout) -> None:
    for ref in index.refs():
        if read_ref(layout, ref) is None:
            index.forget(ref)


@dataclass(frozen=True)
class IndexVerification:
    """`digest` is that of the store's rows; equal trees give equal digests on every machine."""

    ok: bool
    tree: str
    digest: str
    problems: tuple[str, ...]


def verify_index(workspace: Workspace) -> IndexVerification:
    """Build the tip's rows a second time, in memory, and compare: index = f(tree)."""
    (ref, tip), reader = store_to_read(workspace.layout), Reader(workspace)
    reader.catch_up(ref, tip)
    tree = workspace.store.tree_of(tip)
    files = [item for item in workspace.odb.files(tree).items() if is_memory_path(item[0])]
    with Index.open(None) as fresh:
        changes = (file_change(workspace.odb, path, blob) for path, blob in files)
        fresh.update(Manifest(ref, tree, tip, SCHEMA), changes, replace=True)
        expected, digest = fresh.digest(ref), workspace.index.digest(ref)
    problems = workspace.index.problems()
    if workspace.embedder:
        problems += _vector_problems(workspace.index, workspace.embedder)
    if expected != digest:
        problems.append(f"the index holds {digest[:12]}, the tree gives {expected[:12]}")
    collection = ChromaSync(reader)
    if workspace.embedder and collection.is_in_use():
        problems += collection.problems()
    return IndexVerification(not problems, tree, digest, tuple(problems))


def _vector_problems(index: Index, embedder: Embedder) -> list[str]:
    """Vectors whose bytes are not those that were written, and texts without one after all was embedded."""
    damaged = [] if index.vectors(embedder).sound() else [f"the vectors of {embedder.name} were damaged"]
    index.embed(embedder)
    missing = index.unembedded(embedder)
    return damaged + ([f"{missing} texts have no vectors of {embedder.name}"] if missing else [])
