"""The store as a Chroma collection, for other tools and long-lived processes: its parts with vectors and metadata.

It follows the index and is never trusted: `tree` says what it holds, and nothing while somebody writes it; what cannot
be read, was changed by others, or does not give back every vector, is left behind for a fresh generation. One writer at
a time: the caller holds a lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from memcli.errors import Conflict, Failure
from memcli.index.storage.tables import SCHEMA
from memcli.index.vectors import seal
from memcli.index.vectors.chroma_client import ChromaClient
from memcli.index.vectors.vector_file import Vectors

if TYPE_CHECKING:
    from memcli.index.vectors.dense import Select

BATCH = 1_000
"""Entries written at a time; Chroma takes at most 5,461."""
GRAPH: Mapping[str, str | int] = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
"""Wide enough for the approximate search to agree with the exact scan in the first ten."""
WIDE = 2_000
"""How many entries a search looks at, whatever is wanted: with 400, 16 of 3,840 of the first ten were missed."""
DENSER: Mapping[str, str | int] = {**GRAPH, "ef_construction": 400, "max_neighbors": 64}
"""For what queries did not reach all of: many equal texts close the graph's ways to the others."""
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class CollectionEntry:
    """A part of a memory as Chroma holds it: its `key` leads to its vector."""

    id: str
    key: bytes
    document: str
    metadata: Mapping[str, str | float | bool]

    @property
    def stored(self) -> dict[str, str | float | bool]:
        """The metadata with the key, by which a changed text is known."""
        return {**self.metadata, "part": self.key.hex()}


class ChromaCollection:
    """The collection `name` below a directory, or on the server at a URL."""

    def __init__(self, place: Path | str, name: str) -> None:
        self.place, self.name = place, name
        self._chroma = ChromaClient(place)
        self._graph = GRAPH

    def tree(self) -> str | None:
        """The tree it holds whole, None where there is none such or another one is being written. Raises Failure,
        NotInstalled."""
        state = self._state()
        return str(state["tree"]) if state.get("schema") == SCHEMA and state.get("tree") else None

    def unreached(self) -> str | None:
        """Why it cannot be searched although it is finished: queries do not reach all of it. Raises Failure,
        NotInstalled."""
        state = self._state()
        return _shortfall(state.get("reached"), state.get("count"))

    def sync(self, tree: str, entries: Sequence[CollectionEntry], vectors: Vectors) -> None:
        """Make it hold just these entries, and count what a query reaches of them. Raises Failure, NotInstalled."""
        try:
            is_reached = self._is_sealed() and self._write(tree, entries, vectors)
        except Failure:
            is_reached = False
        if not is_reached:
            self.rebuild(tree, entries, vectors)

    def rebuild(self, tree: str, entries: Sequence[CollectionEntry], vectors: Vectors) -> None:
        """The same, from nothing, and once more where a query does not reach all. Raises Failure, NotInstalled."""
        for graph in (GRAPH, DENSER):
            self._begin_again(graph)
            if self._write(tree, entries, vectors):
                return

    def nearest(self, vector: Sequence[float], most: int) -> list[bytes]:
        """The keys of the parts nearest to a vector, best first. Raises Failure, NotInstalled."""
        with self._chroma.failures():
            wide = max(most, WIDE)
            answer = self._open().query(query_embeddings=[vector], n_results=wide, include=["metadatas"])
            return [bytes.fromhex(str(metadata["part"])) for metadata in answer["metadatas"][0][:most]]

    def at(self, tree: str) -> Select:
        """`nearest`, which raises Conflict where the collection did not hold this tree all the while."""

        def select(vector: Sequence[float], most: int) -> list[bytes]:
            keys = self.nearest(vector, most)
            if self.tree() != tree:
                raise Conflict("another process updated the Chroma collection", "run the command again")
            return keys

        return select

    def problems(self, entries: Sequence[CollectionEntry], vectors: Vectors) -> list[str]:
        """What differs from the entries and their vectors; reads all of it. Raises Failure, NotInstalled."""
        with self._chroma.failures():
            stored = self._open().get(include=["metadatas", "documents", "embeddings"])
        places = {entry_id: place for place, entry_id in enumerate(stored["ids"])}
        wrong = sum(not _is_stored(entry, vectors, stored, places.get(entry.id)) for entry in entries)
        strange = len(places.keys() - {entry.id for entry in entries})
        problems = [f"{wrong} of {len(entries)} entries of the Chroma collection are wrong"] if wrong else []
        problems += [f"{strange} entries of the Chroma collection belong to no memory"] if strange else []
        return [*problems, *filter(None, [_shortfall(self._reached(len(places)), len(places))])]

    def _state(self) -> dict[str, Any]:
        """What the collection says of itself; nothing where others have changed it."""
        with self._chroma.failures():
            collection = self._open(create=False) if self._is_sealed() else None
            if collection is None:
                return {}
            state = dict(collection.metadata or {})
            return state if state.get("count") == collection.count() else {}

    def _is_sealed(self) -> bool:
        """Whether the files below a directory are those that were left there; a server answers for its own."""
        generation = self._chroma.generation()
        return not isinstance(self.place, Path) or (generation is not None and seal.is_whole(generation))

    def _write(self, tree: str, entries: Sequence[CollectionEntry], vectors: Vectors) -> bool:
        """Write what differs; whether a query reaches all of it."""
        with self._chroma.failures():
            collection = self._open()
            generation = self._chroma.generation()
            if generation is not None:
                seal.lift_seal(generation)
            collection.modify(metadata={"schema": SCHEMA, "tree": ""})  # readers do not trust it from here on
            _replace_entries(collection, entries, vectors)
        reached, count = self._reached(len(entries)), len(entries)
        with self._chroma.failures():
            collection.modify(metadata={"schema": SCHEMA, "tree": tree, "count": count, "reached": reached})
            if generation is not None:
                seal.put_seal(generation)
        return reached == count

    def _reached(self, count: int) -> int:
        """How many entries one query finds that asks for all."""
        if count == 0:
            return 0
        with self._chroma.failures():
            collection = self._open()
            (first,) = collection.get(limit=1, include=["embeddings"])["embeddings"]
            answer = collection.query(query_embeddings=[first], n_results=count, include=[])
        return len(set(answer["ids"][0]))

    def _begin_again(self, graph: Mapping[str, str | int]) -> None:
        """Leave what is there behind: a fresh generation, or on a server the collection made again."""
        self._graph = graph
        with self._chroma.failures():
            if isinstance(self.place, Path):
                self._chroma.new_generation()
            elif self._open(create=False) is not None:
                self._chroma.open().delete_collection(self.name)

    def _open(self, create: bool = True) -> Any:
        """As it is now, others may have changed it; None where there is none and none is to be made."""
        client = self._chroma.open(create)
        exists = client is not None and self.name in {one.name for one in client.list_collections()}
        if client is None or not (exists or create):
            return None
        if exists:
            return client.get_collection(self.name, embedding_function=None)
        return client.create_collection(self.name, embedding_function=None, configuration={"hnsw": self._graph})


def collection_name(store: str, embedder: str) -> str:
    """The name on a server that several stores share: `store` is the same in every clone of a store."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", f"mem-{store}-{embedder}")[:200].rstrip("-_")


def _shortfall(reached: object, count: object) -> str | None:
    return None if reached == count else f"queries reach {reached} of {count} vectors of the Chroma collection"


def _is_stored(entry: CollectionEntry, vectors: Vectors, stored: Mapping[str, Any], place: int | None) -> bool:
    return (
        place is not None
        and stored["documents"][place] == entry.document
        and stored["metadatas"][place] == entry.stored
        and _are_close(stored["embeddings"][place], vectors.get([entry.key])[0])
    )


def _are_close(stored: Sequence[float], vector: Sequence[float]) -> bool:
    return len(stored) == len(vector) and all(
        abs(one - other) < 1e-5 for one, other in zip(stored, vector, strict=True)
    )


def _replace_entries(collection: Any, entries: Sequence[CollectionEntry], vectors: Vectors) -> None:
    """Delete what is gone or has changed (an update would keep keys that a metadata lost), then add what is missing."""
    answer = collection.get(include=["metadatas"])
    stored = dict(zip(answer["ids"], answer["metadatas"], strict=True))
    same = {entry.id for entry in entries if stored.get(entry.id) == entry.stored}
    for ids in _batches(sorted(stored.keys() - same)):
        collection.delete(ids=ids)
    for batch in _batches([entry for entry in entries if entry.id not in same]):
        collection.upsert(
            ids=[entry.id for entry in batch],
            embeddings=vectors.get([entry.key for entry in batch]),
            documents=[entry.document for entry in batch],
            metadatas=[entry.stored for entry in batch],
        )


def _batches(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    """The items, `BATCH` at a time."""
    left = iter(items)
    return iter(lambda: list(islice(left, BATCH)), [])
