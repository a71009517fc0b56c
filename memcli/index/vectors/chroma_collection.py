"""The store as a Chroma collection, for other tools and long-lived processes: its parts with vectors and metadata.

It follows the index and is never trusted: `tree` says what it holds, and nothing while somebody writes it; what cannot
be read, was changed by others, or does not give back every vector, is left behind for a fresh generation. One writer at
a time: the caller holds a lock. The one home of chromadb's storage; its import costs sixty bare Python starts, so only
who asks pays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from memcli.errors import Conflict, Failure
from memcli.index.storage import generations
from memcli.index.storage.tables import SCHEMA
from memcli.index.vectors import seal
from memcli.index.vectors.vector_file import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from memcli.index.vectors.dense import Select

BATCH = 1_000
"""Entries written at a time; Chroma takes at most 5,461."""
GRAPH: Mapping[str, str | int] = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
"""Wide enough for the approximate search to agree with the exact scan in the first ten."""
WIDE = 2_000
"""So many entries a search looks at, whatever is wanted of them: with 400, 16 of 3,840 of the first ten were missed."""
DENSER: Mapping[str, str | int] = {**GRAPH, "ef_construction": 400, "max_neighbors": 64}
"""For what queries did not reach all of: many equal texts close the graph's ways to the others."""
ANSWER_SECONDS = 3.0
"""How long a server may take to say that it is there; Chroma's own client waits for ever."""
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
        self._graph = GRAPH
        self._silent: str | None = None

    @staticmethod
    def exists(directory: Path) -> bool:
        """Whether there is a collection below a directory; does not load Chroma."""
        return generations.current_generation(directory) is not None

    def tree(self) -> str | None:
        """The tree it holds whole, None where there is none such or another one is being written. Raises Failure."""
        with self._failures():
            told = self._told()
        return str(told["tree"]) if told.get("schema") == SCHEMA and told.get("tree") else None

    def unreached(self) -> str | None:
        """Why it cannot be asked although it is finished: queries do not reach all of it. Raises Failure."""
        with self._failures():
            told = self._told()
        return _shortfall(told.get("reached"), told.get("count"))

    def sync(self, tree: str, entries: Sequence[Entry], vectors: Vectors) -> None:
        """Make it hold just these entries, and count what a query reaches of them. Raises Failure."""
        try:
            whole = self._is_whole() and self._written(tree, entries, vectors)
        except Failure:
            whole = False
        if not whole:
            self.rebuild(tree, entries, vectors)

    def rebuild(self, tree: str, entries: Sequence[Entry], vectors: Vectors) -> None:
        """The same, from nothing, and once more where a query does not reach all. Raises Failure."""
        for graph in (GRAPH, DENSER):
            self._begin_anew(graph)
            if self._written(tree, entries, vectors):
                return

    def nearest(self, vector: NDArray[np.float32], most: int) -> list[bytes]:
        """The keys of the parts nearest to a vector, best first. Raises Failure."""
        with self._failures():
            wide = max(most, WIDE)
            found = self._collection().query(query_embeddings=[vector], n_results=wide, include=["metadatas"])
            return [bytes.fromhex(str(told["part"])) for told in found["metadatas"][0][:most]]

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
        return [*found, *filter(None, [_shortfall(reached, len(held))])]

    def _told(self) -> dict[str, Any]:
        """What the collection says of itself; nothing where others have changed it."""
        said = self._collection(create=False) if self._is_whole() else None
        if said is None:
            return {}
        told = dict(said.metadata or {})
        return told if told.get("count") == said.count() else {}

    def _is_whole(self) -> bool:
        """Are the files below a directory those that were left there? A server answers for its own."""
        generation = self._generation()
        return not isinstance(self.place, Path) or (generation is not None and seal.is_whole(generation))

    def _generation(self) -> Path | None:
        """The current one, where the collection is below a directory."""
        name = generations.current_generation(self.place) if isinstance(self.place, Path) else None
        return self.place / name if isinstance(self.place, Path) and name and (self.place / name).is_dir() else None

    def _written(self, tree: str, entries: Sequence[Entry], vectors: Vectors) -> bool:
        """Write what differs; whether a query reaches all of it."""
        with self._failures():
            collection = self._collection()
            generation = self._generation()
            if generation is not None:
                seal.lift_seal(generation)
            collection.modify(metadata={"schema": SCHEMA, "tree": ""})  # whoever reads now knows better than to
            said = collection.get(include=["metadatas"])
            held = dict(zip(said["ids"], said["metadatas"], strict=True))
            same = {one.id for one in entries if held.get(one.id) == one.told}
            for ids in _batches(
                sorted(held.keys() - same)
            ):  # the changed too: an update would keep what a fact dropped
                collection.delete(ids=ids)
            for some in _batches([one for one in entries if held.get(one.id) != one.told]):
                _put(collection, some, vectors)
        reached, count = self._reached(len(entries)), len(entries)
        with self._failures():
            collection.modify(metadata={"schema": SCHEMA, "tree": tree, "count": count, "reached": reached})
            if generation is not None:
                seal.put_seal(generation)
        return reached == count

    def _reached(self, count: int) -> int:
        """How many entries one query finds that asks for all."""
        if count == 0:
            return 0
        with self._failures():
            collection = self._collection()
            (first,) = collection.get(limit=1, include=["embeddings"])["embeddings"]
            found = collection.query(query_embeddings=[first], n_results=count, include=[])
        return len(set(found["ids"][0]))

    def _begin_anew(self, graph: Mapping[str, str | int]) -> None:
        """Leave what is there behind: a fresh generation, or on a server the collection made again."""
        self._graph = graph
        with self._failures():
            if isinstance(self.place, Path):
                self._fresh()
            elif self._collection(create=False) is not None:
                self._client().delete_collection(self.name)

    def _collection(self, create: bool = True) -> Any:
        """As it is now, others may have changed it; None where there is none and none is to be made."""
        client = self._client(create)
        known = client is not None and self.name in {one.name for one in client.list_collections()}
        if client is None or not (known or create):
            return None
        if known:
            return client.get_collection(self.name, embedding_function=None)
        return client.create_collection(self.name, embedding_function=None, configuration={"hnsw": self._graph})

    def _client(self, create: bool = True) -> Any:
        """Chroma's client of the server or of the current generation, once for each."""
        place = self._generation() if isinstance(self.place, Path) else self.place
        if place is None and not create:
            return None
        place = place or self._fresh()
        if self._silent is not None:
            raise OSError(self._silent)  # who did not answer once is not waited for again
        if self._made is None or self._made[0] != place:
            try:
                self._made = place, _connected(place)
            except OSError as error:
                self._silent = str(error)
                raise
        return self._made[1]

    def _fresh(self) -> Path:
        """A new generation, now the current one."""
        assert isinstance(self.place, Path)
        generation = generations.new_generation(self.place)
        generations.make_current(self.place, generation.name)
        generations.remove_old(self.place, generation)
        return generation

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


def _shortfall(reached: object, count: object) -> str | None:
    return None if reached == count else f"queries reach {reached} of {count} vectors of the Chroma collection"


def _connected(place: Path | str) -> Any:
    """Chroma's client of a directory or a server. Without `_env_file`, a `.env` of the directory somebody stands in
    would have a say in it."""
    url = None if isinstance(place, Path) else urlsplit(place)
    if url is not None:
        _knock(url)  # before the import, which is slow: nobody should wait for it in vain
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False, _env_file=None)  # type: ignore[call-arg]
    if url is None:
        return chromadb.PersistentClient(path=str(place), settings=quiet)
    return chromadb.HttpClient(
        host=url.hostname or "", port=url.port or 8000, ssl=url.scheme == "https", settings=quiet
    )


def _knock(url: SplitResult) -> None:
    """Ask a server whether it is there. Raises OSError, HTTPException."""
    import http.client

    secure = url.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port or 8000, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/api/v2/heartbeat")
        status = connection.getresponse().status
    finally:
        connection.close()
    if status >= 400:
        raise OSError(f"it answers with HTTP {status} and is no Chroma server")


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
