"""The Chroma collection beside the index: where it is, what it should hold, and the one writer it may have.

It holds the store's tip alone: no session's candidates, no other time. Its lock is a file of its own, so that a slow
import of Chroma, or a slow server, never keeps the store's writers waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.branch import store_to_read
from memcli.core.memory import document
from memcli.core.memory.parts import part_key, parts
from memcli.core.memory.summary import MemorySummary
from memcli.errors import Busy, Failure, MemError, Usage
from memcli.index.database.view import ANY, View
from memcli.operations.views.reader import Reader
from memcli.state.lock import hold
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.index.vectors.chroma_collection import Collection, Entry
    from memcli.index.vectors.embedding import Embedder
    from memcli.index.vectors.vector_file import Vectors

WAYS = ("auto", "exact", "chroma")
"""Values of `mem.dense`; `auto` is the exact scan, which is faster in a process that answers once."""
PATIENCE, LONG_PATIENCE = 10.0, 600.0
"""Seconds to wait for another process that writes the collection: where an answer is due, and where it is the work."""


def wanted(workspace: Workspace, via: str | None = None) -> bool:
    """Whether recall is to search the collection: as said, else as `mem.dense` says. Raises Usage."""
    way = via or workspace.settings.get("dense", "auto").lower()
    if way not in WAYS:
        raise Usage(f"there is no way {way!r} to search vectors", f"mem.dense and --via are one of: {', '.join(WAYS)}")
    return way == "chroma"


def in_use(workspace: Workspace) -> bool:
    """Whether there is a collection to bring along; does not load Chroma."""
    from memcli.index.vectors.chroma_collection import Collection

    said = workspace.settings
    return bool(said.get("chromaurl")) or wanted(workspace) or Collection.exists(_directory(workspace))


def place(workspace: Workspace) -> str | None:
    """Where the collection in use is: a URL or a directory."""
    return (workspace.settings.get("chromaurl") or str(_directory(workspace))) if in_use(workspace) else None


@dataclass(frozen=True)
class Way:
    """How a view finds by meaning: by a collection, else by the exact scan; `unmet`: why not as was asked for."""

    collection: Collection | None = None
    unmet: str | None = None

    def open(self, view: View) -> None:
        """Let a view of the tip use it."""
        if self.collection is not None and view.dense is not None:
            view.dense.select = self.collection.at(view.tree)


def searched(workspace: Workspace, via: str | None, past: bool) -> Way:
    """The way that is asked for, its collection brought up to date. Raises Usage for no way at all."""
    try:
        if not wanted(workspace, via):
            return Way()
    except Usage as error:
        if via:
            raise
        return Way(unmet=f"{error.message}: the exact scan answered")
    if past:
        return Way(unmet="the Chroma collection holds no other time: the exact scan answered")
    try:
        return Way(synced(workspace))
    except MemError as error:
        return Way(unmet=f"{error.message}: the exact scan answered")


def synced(workspace: Workspace, anew: bool = False, patience: float = PATIENCE) -> Collection:
    """The collection as of the store's tip, written only where it is not (or `anew`). Raises MemError."""
    collection = _opened(workspace)
    _bring(workspace, collection, anew, patience)
    if unreached := collection.unreached():
        raise Failure(unreached, "'mem index rebuild' makes the collection anew")
    return collection


def _bring(workspace: Workspace, collection: Collection, anew: bool, patience: float) -> None:
    tree = workspace.store.tree_of(store_to_read(workspace.layout)[1])
    if not anew and _says(collection) == tree:
        return
    with _writing(workspace, patience), _contents(workspace) as (tree, entries, vectors):
        if anew:
            collection.rebuild(tree, entries, vectors)
        elif _says(collection) != tree:
            collection.sync(tree, entries, vectors)


def problems(workspace: Workspace) -> list[str]:
    """What is wrong with the collection, beside being behind."""
    try:
        collection = synced(workspace)
        with _contents(workspace) as (_, entries, vectors):
            return collection.problems(entries, vectors)
    except MemError as error:
        return [error.message]


def _says(collection: Collection) -> str | None:
    """The tree a collection holds; None as well where it cannot be read: it is written anew then."""
    try:
        return collection.tree()
    except Failure:
        return None


def _opened(workspace: Workspace) -> Collection:
    from memcli.index.vectors.chroma_collection import Collection, collection_name

    url = workspace.settings.get("chromaurl")
    if url and not url.startswith(("http://", "https://")):
        raise Usage(
            f"mem.chromaUrl is no http address: {url}", "for example 'git config mem.chromaUrl http://localhost:8000'"
        )
    name = collection_name(_store(workspace) if url else "store", _embedder(workspace).name)
    return Collection(url or _directory(workspace), name)


def _directory(workspace: Workspace) -> Path:
    return Path(workspace.layout.mem_dir, "index", "chroma")


def _store(workspace: Workspace) -> str:
    """What all clones of a store have in common, and no other store has: its first promotion."""
    first = store_to_read(workspace.layout)[1]
    for commit in workspace.odb.first_parents(first):
        if not commit.parents:
            break
        first = commit.id
    return first[:12]


def _embedder(workspace: Workspace) -> Embedder:
    if workspace.embedder is None:
        raise Usage("there are no vectors to search: mem.embedder is none", "'git config --unset mem.embedder'")
    return workspace.embedder


@contextmanager
def _writing(workspace: Workspace, patience: float) -> Iterator[None]:
    try:
        with hold(Path(workspace.layout.mem_dir, "chroma.lock"), patience) as obtained:
            if not obtained:
                raise Busy("another process writes the Chroma collection", "try again in a moment")
            yield
    except OSError as error:
        raise Failure(
            f"the Chroma collection cannot be written: {error}", "'mem recall --via exact' needs none"
        ) from error


@contextmanager
def _contents(workspace: Workspace) -> Iterator[tuple[str, list[Entry], Vectors]]:
    """(tree, entries, vectors) of the store's tip."""
    embedder = _embedder(workspace)
    with Reader(workspace).main_view() as view:
        tree = view.tree
        found = {entry.id: entry for record in view.records(ANY) for entry in _entries(record, view.text(record))}
    workspace.index.embed(embedder)
    yield tree, list(found.values()), workspace.index.vectors(embedder)


def _entries(record: MemorySummary, text: str) -> Iterator[Entry]:
    """The parts of a memory: `<id>`, then `<id>#2` and so on."""
    from memcli.index.vectors.chroma_collection import Entry

    said = {"id": record.id, "title": record.title, "kind": record.kind, "type": record.type, "topic": record.topic,
            "key": record.key, "status": record.status, "path": record.path, "tags": " ".join(record.tags),
            "modified": record.modified, "valid_from": record.valid_from, "valid_to": record.valid_to,
            "blob": record.blob}  # fmt: skip
    metadata = {name: value for name, value in said.items() if value is not None}
    for number, part in enumerate(parts(record.title, document.parse_document(text).body), 1):
        yield Entry(record.id if number == 1 else f"{record.id}#{number}", part_key(part), part, metadata)
