"""The Chroma collection of the store: where it is, what it should hold, and the one writer it may have.

It holds the store's tip alone: no session's candidates, no other time. Its lock is a file of its own, so that a slow
import of Chroma, or a slow server, never keeps the store's writers waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.core.memory import document
from memcli.core.memory.parts import part_key, parts
from memcli.core.memory.summary import MemorySummary
from memcli.errors import Busy, Failure, MemError, NotInstalled, Usage
from memcli.index.database.view import ANY, View
from memcli.index.storage.generations import current_generation
from memcli.index.vectors.chroma_client import is_installed, require_chromadb
from memcli.operations.views.reader import Reader
from memcli.state.lock import hold

if TYPE_CHECKING:
    from memcli.index.vectors.chroma_collection import ChromaCollection, CollectionEntry
    from memcli.index.vectors.embedding import Embedder
    from memcli.index.vectors.vector_file import Vectors

AUTO, EXACT, CHROMA = BACKENDS = ("auto", "exact", "chroma")
"""Values of `mem.dense`; `auto` is the exact scan in a process that answers once, and the collection in one that lives
long."""
WITHOUT_CHROMA = ("static", "none")
"""Embedders that need no chromadb."""
PATIENCE, LONG_PATIENCE = 10.0, 600.0
"""Seconds to wait for another process that writes the collection: where an answer is due, and where it is the work."""
SCANNED = "used the exact scan"


@dataclass(frozen=True)
class SearchBackend:
    """What searches vectors: a collection, else the exact scan; `unmet`: why it is not what was asked for."""

    collection: ChromaCollection | None = None
    unmet: str | None = None

    def attach(self, view: View) -> None:
        """Let a view of the tip use it."""
        if self.collection is not None and view.dense is not None:
            view.dense.select = self.collection.at(view.tree)


class ChromaSync:
    """The collection of one reader's store."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._directory = Path(reader.layout.mem_dir, "index", "chroma")

    def is_wanted(self, via: str | None = None) -> bool:
        """Whether recall is to search the collection: by the option, else by `mem.dense`. Raises Usage."""
        backend = via or self._reader.settings.get("dense", AUTO).lower()
        if backend not in BACKENDS:
            raise Usage(f"unknown vector search {backend!r}", f"mem.dense and --via take one of: {', '.join(BACKENDS)}")
        return backend == CHROMA

    def suits_long_lives(self) -> bool:
        """Whether a process that lives long searches the collection although nobody asks for it: nothing else is
        configured, and Chroma is there; does not load it."""
        settings = self._reader.settings
        is_auto = settings.get("dense", AUTO).lower() == AUTO
        return is_auto and settings.get("embedder", "static") != "none" and is_installed()

    def is_in_use(self) -> bool:
        """Whether there is a collection to bring along; does not load Chroma."""
        if self._reader.settings.get("chromaurl") or self.is_wanted():
            return True
        return current_generation(self._directory) is not None and is_installed()

    @property
    def place(self) -> str | None:
        """Where the collection in use is: a URL or a directory."""
        return (self._reader.settings.get("chromaurl") or str(self._directory)) if self.is_in_use() else None

    def backend(self, via: str | None, past: bool) -> SearchBackend:
        """What is asked for, its collection brought up to date. Raises Usage for an unknown `via`, and NotInstalled
        where the search or the embedder that is asked for needs a chromadb that is not there."""
        try:
            is_wanted = self.is_wanted(via)
        except Usage as error:
            if via:
                raise
            return SearchBackend(unmet=f"{error.message}; {SCANNED}")
        if is_wanted or self._reader.settings.get("embedder", "static") not in WITHOUT_CHROMA:
            require_chromadb()
        if not is_wanted:
            return SearchBackend()
        if past:
            return SearchBackend(unmet=f"Chroma holds only the current store; {SCANNED}")
        try:
            return SearchBackend(self.synced())
        except MemError as error:
            return SearchBackend(unmet=f"{error.message}; {SCANNED}")

    def synced(self, anew: bool = False, patience: float = PATIENCE) -> ChromaCollection:
        """The collection as of the store's tip, written only where it is not (or `anew`). Raises MemError."""
        collection = self._opened()
        self._bring(collection, anew, patience)
        if unreached := collection.unreached():
            raise Failure(unreached, "run 'mem index rebuild' to make the collection again")
        return collection

    def _bring(self, collection: ChromaCollection, anew: bool, patience: float) -> None:
        tree = self._reader.store.tree_of(self._reader.tip()[1])
        if not anew and _tree_of(collection) == tree:
            return
        with self._writing(patience), self._contents() as (tree, entries, vectors):
            if anew:
                collection.rebuild(tree, entries, vectors)
            elif _tree_of(collection) != tree:
                collection.sync(tree, entries, vectors)

    def problems(self) -> list[str]:
        """What is wrong with the collection, beside being behind. Raises NotInstalled."""
        try:
            collection = self.synced()
            with self._contents() as (_, entries, vectors):
                return collection.problems(entries, vectors)
        except NotInstalled:
            raise
        except MemError as error:
            return [error.message]

    def _opened(self) -> ChromaCollection:
        from memcli.index.vectors.chroma_collection import ChromaCollection, collection_name

        url, embedder = self._reader.settings.get("chromaurl"), self._embedder.name
        if url and not url.startswith(("http://", "https://")):
            example = "'git config mem.chromaUrl http://localhost:8000'"
            raise Usage(f"mem.chromaUrl is not an http address: {url}", f"for example {example}")
        store = self._first_promotion() if url else "store"
        return ChromaCollection(url or self._directory, collection_name(store, embedder))

    def _first_promotion(self) -> str:
        """What all clones of a store have in common, and no other store has."""
        first = self._reader.tip()[1]
        for commit in self._reader.store.odb.first_parents(first):
            if not commit.parents:
                break
            first = commit.id
        return first[:12]

    @property
    def _embedder(self) -> Embedder:
        embedder = self._reader.embedder
        if embedder is None:
            raise Usage("there are no vectors to search: mem.embedder is none", "'git config --unset mem.embedder'")
        return embedder

    @contextmanager
    def _writing(self, patience: float) -> Iterator[None]:
        try:
            with hold(Path(self._reader.layout.mem_dir, "chroma.lock"), patience) as obtained:
                if not obtained:
                    raise Busy("another process writes the Chroma collection", "try again in a moment")
                yield
        except OSError as error:
            raise Failure(
                f"the Chroma collection cannot be written: {error}", "'mem recall --via exact' needs none"
            ) from error

    @contextmanager
    def _contents(self) -> Iterator[tuple[str, list[CollectionEntry], Vectors]]:
        """(tree, entries, vectors) of the store's tip."""
        embedder, index = self._embedder, self._reader.index
        with self._reader.main_view() as view:
            tree, records = view.tree, view.records(ANY)
            entries = {entry.id: entry for record in records for entry in _entries(record, view.text(record))}
        index.embed(embedder)
        yield tree, list(entries.values()), index.vectors(embedder)


def _tree_of(collection: ChromaCollection) -> str | None:
    """The tree a collection holds; None as well where it cannot be read: it is written again then."""
    try:
        return collection.tree()
    except Failure:
        return None


def _entries(record: MemorySummary, text: str) -> Iterator[CollectionEntry]:
    """The parts of a memory: `<id>`, then `<id>#2` and so on."""
    from memcli.index.vectors.chroma_collection import CollectionEntry

    keys = {"id": record.id, "title": record.title, "kind": record.kind, "type": record.type, "topic": record.topic,
            "key": record.key, "status": record.status, "path": record.path, "tags": " ".join(record.tags),
            "modified": record.modified, "valid_from": record.valid_from, "valid_to": record.valid_to,
            "blob": record.blob}  # fmt: skip
    metadata = {name: value for name, value in keys.items() if value is not None}
    for number, part in enumerate(parts(record.title, document.parse_document(text).body), 1):
        yield CollectionEntry(record.id if number == 1 else f"{record.id}#{number}", part_key(part), part, metadata)
