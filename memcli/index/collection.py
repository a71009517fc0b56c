"""The store as a Chroma collection, for other tools and long-lived processes: its parts with vectors and metadata.

It follows the index and is never trusted: `tree` says what it holds, and nothing while somebody writes it; what cannot
be read, or does not give back every vector, is left behind for a fresh generation. One writer at a time: the caller
holds a lock. The one home of chromadb's storage; its import costs sixty bare Python starts, so only who asks pays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from memcli.errors import Conflict, Failure
from memcli.index import generations
from memcli.index.schema import SCHEMA
from memcli.index.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from memcli.index.dense import Select

BATCH = 1_000
"""Entries written at a time; Chroma takes at most 5,461."""
GRAPH = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
"""Wide enough for the approximate search to agree with the exact scan in the first ten."""
_Given = TypeVar("_Given")


@dataclass(frozen=True)
class Entry:
    """A part of a memory as Chroma holds it: its `key` leads to its vector."""

    id: str
    key: bytes
    document: str
    metadata: Mapping[str, str | float | bool]

    @property
    def told(self) -> dict[str, str | float | bool]:
        """The metadata with the key, by which a changed text is known."""
        return {**self.metadata, "part": self.key.hex()}


class Collection:
    """The collection `name` below a directory, or on the server at a URL (`http://host:port`)."""

    def __init__(self, place: Path | str, name: str) -> None:
        self.place, self.name = place, name
        self._made: Any = None

    @staticmethod
    def exists(directory: Path) -> bool:
        """Whether there is a collection below a directory; does not load Chroma."""
        return generations.current(directory) is not None

    def tree(self) -> str | None:
        """The tree it holds whole, None where there is none such or another one is being written. Raises Failure."""
        with self._failures():
            said = self._collection(create=False)
            told = dict(said.metadata or {}) if said is not None else {}
        return str(told["tree"]) if told.get("schema") == SCHEMA and told.get("tree") else None

    def sync(self, tree: str, entries: Sequence[Entry], vectors: Vectors) -> None:
        """Make it hold just these entries, and prove that a query reaches them all. Raises Failure."""
        try:
            self._written(tree, entries, vectors)
        except Failure:
            self._begin_anew()
            self._written(tree, entries, vectors)

    def rebuild(self, tree: str, entries: Sequence[Entry], vectors: Vectors) -> None:
        """The same, from nothing. Raises Failure."""
        self._begin_anew()
        self._written(tree, entries, vectors)

    def nearest(self, vector: NDArray[np.float32], most: int) -> list[bytes]:
        """The keys of the parts nearest to a vector, best first. Raises Failure."""
        with self._failures():
            found = self._collection().query(query_embeddings=[vector], n_results=most, include=["metadatas"])
            return [bytes.fromhex(str(told["part"])) for told in found["metadatas"][0]]

    def at(self, tree: str) -> Select:
        """`nearest`, which raises Conflict where the collection did not hold this tree all the while."""

        def select(vector: NDArray[np.float32], most: int) -> list[bytes]:
            found = self.nearest(vector, most)
            if self.tree() != tree:
                raise Conflict("the Chroma collection was moved on meanwhile", "ask again")
            return found

        return select

    def problems(self, entries: Sequence[Entry], vectors: Vectors) -> list[str]:
        """What differs from the entries and their vectors; reads all of it. Raises Failure."""
        import numpy as np

        with self._failures():
            said = self._collection().get(include=["metadatas", "documents", "embeddings"])
        held = {one: place for place, one in enumerate(said["ids"])}
        wrong = [
            one.id
            for one in entries
            if one.id not in held
            or said["documents"][held[one.id]] != one.document
            or said["metadatas"][held[one.id]] != one.told
            or not np.allclose(said["embeddings"][held[one.id]], vectors.get([one.key])[0], atol=1e-5)
        ]
        strange = held.keys() - {one.id for one in entries}
        reached = self._reached(len(held))
        found = [f"{len(wrong)} of {len(entries)} entries of the Chroma collection are wrong"] if wrong else []
        found += [f"{len(strange)} entries of the Chroma collection belong to no memory"] if strange else []
        return found + ([f"queries reach {reached} of its {len(held)} vectors"] if reached != len(held) else [])

    def _written(self, tree: str, entries: Sequence[Entry], vectors: Vectors) -> None:
        with self._failures():
            collection = self._collection()
            collection.modify(metadata={"schema": SCHEMA, "tree": ""})  # whoever reads now knows better than to
            said = collection.get(include=["metadatas"])
            held = dict(zip(said["ids"], said["metadatas"], strict=True))
            for ids in _batches(sorted(held.keys() - {one.id for one in entries})):
                collection.delete(ids=ids)
            for some in _batches([one for one in entries if held.get(one.id) != one.told]):
                _put(collection, some, vectors)
        if (reached := self._reached(len(entries))) != len(entries):
            raise Failure(f"queries reach {reached} of {len(entries)} vectors of the Chroma collection", _HINT)
        with self._failures():
            collection.modify(metadata={"schema": SCHEMA, "tree": tree})

    def _reached(self, count: int) -> int:
        """How many entries one query finds that asks for all."""
        if count == 0:
            return 0
        with self._failures():
            collection = self._collection()
            (first,) = collection.get(limit=1, include=["embeddings"])["embeddings"]
            found = collection.query(query_embeddings=[first], n_results=count, include=[])
        return len(set(found["ids"][0]))

    def _begin_anew(self) -> None:
        """Leave what is there behind: a fresh generation, or on a server the collection made again."""
        self._made = None
        with self._failures():
            if isinstance(self.place, Path):
                generations.point(self.place, generations.begin(self.place).name)
            elif self._collection(create=False) is not None:
                self._client().delete_collection(self.name)
        self._made = None

    def _collection(self, create: bool = True) -> Any:
        if self._made is None:
            client = self._client(create)
            known = client is not None and self.name in {one.name for one in client.list_collections()}
            if client is None or not (known or create):
                return None
            self._made = client.get_or_create_collection(
                self.name, embedding_function=None, configuration={"hnsw": GRAPH}
            )
        return self._made

    def _client(self, create: bool = True) -> Any:
        import chromadb
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False)
        if not isinstance(self.place, Path):
            url = urlsplit(self.place)
            return chromadb.HttpClient(
                host=url.hostname or "", port=url.port or 8000, ssl=url.scheme == "https", settings=quiet
            )
        generation = generations.current(self.place)
        if generation is None or not (self.place / generation).is_dir():
            if not create:
                return None
            generation = generations.begin(self.place).name
            generations.point(self.place, generation)
        return chromadb.PersistentClient(path=str(self.place / generation), settings=quiet)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Whatever Chroma raises, panics of its compiled parts included, as one failure."""
        try:
            yield
        except (Failure, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            where = f"the Chroma server at {self.place}" if isinstance(self.place, str) else "the Chroma collection"
            words = " ".join(str(error).split())[:200] or type(error).__name__
            raise Failure(f"{where} cannot be used: {words}", _HINT) from error


_HINT = "'mem index rebuild' makes the collection anew; 'mem recall --via exact' does without it"


def collection_name(store: str, embedder: str) -> str:
    """The name on a server that several stores share: `store` is the same in every clone of a store."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", f"mem-{store}-{embedder}")[:200].rstrip("-_")


def _put(collection: Any, some: Sequence[Entry], vectors: Vectors) -> None:
    collection.upsert(
        ids=[one.id for one in some],
        embeddings=vectors.get([one.key for one in some]),
        documents=[one.document for one in some],
        metadatas=[one.told for one in some],
    )


def _batches(items: Sequence[_Given]) -> Iterator[list[_Given]]:
    """The items, `BATCH` at a time."""
    left = iter(items)
    return iter(lambda: list(islice(left, BATCH)), [])
