"""The index as one thing: open it, ask what it holds, bring it to a tree, read it through a view.

Its rows are a function of (tree, schema), its vectors of (text, embedder), so losing it loses nothing. An update is one
transaction with the manifest written last: a reader sees all of it or none. Opening never fails: writable, else
read-only with changes made in a copy of this process alone, else empty and in memory; `persistent` tells which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from memcli.core.memory.staleness import AnchorStatus, RecordedAnchor
from memcli.errors import Busy, Conflict, MemError
from memcli.index.database.overlay import open_past, open_view
from memcli.index.database.view import View
from memcli.index.storage import anchor_cache as sightings
from memcli.index.storage import generations, rows
from memcli.index.storage import indexed_refs as refs
from memcli.index.storage import tables as schema
from memcli.index.storage.connection import WRITE_WAIT, Damaged, failures, in_memory, transaction, wait
from memcli.index.storage.manifest import FileChange, Manifest
from memcli.index.storage.tables import SCHEMA, STORED
from memcli.index.vectors.embedding import Embedder, Unavailable

if TYPE_CHECKING:
    import sqlite3

    from memcli.index.vectors.vector_file import Vectors

__all__ = ["SCHEMA", "Damaged", "Index"]


class Index:
    """One process's hold on the index below `directory` (None: in memory only). Close it, or use it in a `with`."""

    def __init__(self, directory: Path | None, connection: sqlite3.Connection, persistent: bool) -> None:
        self.directory = directory
        self.persistent = persistent
        self._connection = connection
        self._own_copy = directory is None
        self._vectors: dict[str, Vectors] = {}

    @classmethod
    def open(cls, directory: Path | None) -> Index:
        """The index below `directory`, made where it is missing, unreadable or of another schema; never raises."""
        import sqlite3

        if directory is None:
            return cls._empty()
        found = generations.open_current(directory)
        if found:
            return cls(directory, *found)
        try:
            return cls(directory, generations.create(directory), True)
        except (OSError, sqlite3.Error):
            return cls._empty()

    @classmethod
    def _empty(cls) -> Index:
        connection = in_memory()
        with transaction(connection, "IMMEDIATE", keep=True):
            schema.create(connection)
        return cls(None, connection, False)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def manifest(self, ref: str) -> Manifest | None:
        """What the rows of `ref` were made from; None where it is not indexed. Raises Damaged."""
        with self._guarded():
            found = self._connection.execute(
                "SELECT ref, tree, commit_id, schema FROM manifests WHERE ref = ?", (ref,)
            ).fetchone()
        return Manifest(*found) if found else None

    def update(
        self, manifest: Manifest, changes: Iterable[FileChange], *, replace: bool = False, base: str | None = None
    ) -> None:
        """Bring the rows of `manifest.ref` to `manifest.tree` in one transaction.

        `changes` are those since the indexed tree, or all files with `replace`. `base` is the tree they were computed
        from: where another process has moved the rows on since, Conflict (compute them again). Raises Damaged, Busy.
        """
        with self._writing() as connection:
            number = refs.number(connection, manifest.ref)
            if base is not None and refs.tree(connection, manifest.ref) != base:
                raise Conflict(f"the index of {manifest.ref} was moved on by another process", "try again")
            if replace and number is not None:
                refs.forget(connection, manifest.ref, number)
                number = None
            if number is None:
                number = refs.register(connection, manifest.ref)
            search = None if schema.holds_candidates(manifest.ref) else number
            for change in changes:
                rows.put(connection, manifest.ref, search, change)
            connection.execute(
                "UPDATE manifests SET tree = ?, commit_id = ?, schema = ? WHERE number = ?",
                (manifest.tree, manifest.commit, manifest.schema, number),
            )

    def forget(self, ref: str) -> None:
        """Take out a ref that is gone: its rows and its manifest."""
        with self._writing() as connection:
            number = refs.number(connection, ref)
            if number is not None:
                refs.forget(connection, ref, number)

    def sightings(self, head: str, claims: Iterable[RecordedAnchor]) -> dict[RecordedAnchor, AnchorStatus]:
        """What is remembered of anchors at a commit of the code. Raises Damaged."""
        with self._guarded():
            return sightings.known(self._connection, head, claims)

    def keep_sightings(self, head: str, found: Mapping[RecordedAnchor, AnchorStatus]) -> None:
        """Remember what git said of anchors, where the index can be written at once; not while a view is open."""
        if not self.persistent:
            return
        wait(self._connection, 0)
        try:
            with failures(), transaction(self._connection, "IMMEDIATE", keep=True):
                sightings.keep(self._connection, head, found)
        except MemError:
            return  # busy, full or broken: what matters of that, the next to read or write will say
        finally:
            wait(self._connection, WRITE_WAIT)

    def refs(self) -> list[str]:
        """The indexed refs, sorted."""
        with self._guarded():
            return [ref for (ref,) in self._connection.execute("SELECT ref FROM manifests ORDER BY ref")]

    def unreadable(self, ref: str) -> list[tuple[str, str]]:
        """(path, what is wrong with it) of the files that are no memories, by path."""
        statement = "SELECT path, message FROM unreadable WHERE ref = ? ORDER BY path"
        with self._guarded():
            return self._connection.execute(statement, (ref,)).fetchall()

    def digest(self, ref: str) -> str:
        """Sha-256 (hex) over the rows of `ref`, whatever the order of their making; equal for equal trees."""
        import hashlib

        with self._guarded(), transaction(self._connection, "DEFERRED", keep=False):
            hashed = hashlib.sha256()
            for row in _everything(self._connection, ref, refs.number(self._connection, ref)):
                hashed.update(repr(row).encode())
            return hashed.hexdigest()

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file, its full-text tables included; reads all of it."""
        with self._guarded():
            found = [line for (line,) in self._connection.execute("PRAGMA quick_check") if line != "ok"]
            for (number,) in self._connection.execute("SELECT number FROM manifests").fetchall():
                found += _search_problems(self._connection, number)
            return found

    @contextmanager
    def view(
        self,
        main_ref: str,
        session_ref: str | None = None,
        extra: Sequence[FileChange] = (),
        embedder: Embedder | None = None,
    ) -> Iterator[View]:
        """The store as one reader sees it: the rows of `main_ref`, under the candidates of `session_ref`, under `extra`
        files not yet committed. It stays as it was when opened. Raises Damaged.

        With an embedder it can be asked by meaning too (`View.dense`); where that fails, `View.degraded` says why."""
        failure = self._embedded(embedder) if embedder else None
        with self._guarded(), open_view(self._connection, self._writable, main_ref, session_ref, extra) as view:
            self._let_ask(view, embedder, failure)
            yield view

    @contextmanager
    def past(
        self, then: Manifest, changes: Sequence[FileChange], *, base: str, embedder: Embedder | None = None
    ) -> Iterator[View]:
        """Any other tree than the indexed one: the rows of `then.ref`, with `changes` (those from the indexed tree
        `base` to `then.tree`, memories that are gone among them) laid over. No session's candidates are in it.

        Where another process has moved the rows on since: Conflict (compute the changes again). Raises Damaged."""
        failure = self._embedded(embedder) if embedder else None
        with self._guarded(), open_past(self._connection, self._writable, then, base, changes) as view:
            self._let_ask(view, embedder, failure)
            yield view

    def _let_ask(self, view: View, embedder: Embedder | None, failure: str | None) -> None:
        if embedder is not None and failure is None:
            view.ask_by_meaning(embedder, self.vectors(embedder))
        view.degraded = failure or view.degraded

    def embed(self, embedder: Embedder, most: int | None = None) -> int:
        """Embed every indexed text that has no vector yet (at most `most`); how many. Raises Unavailable, Damaged."""
        from memcli.index.vectors.dense import Filling

        with self._guarded():
            filling = Filling(self._connection, embedder, self.vectors(embedder))
            if filling.done >= filling.last:
                return 0
            count = filling.fill(most)
        if self._writable:
            with self._writing() as connection:
                filling.note(connection)
        return count

    def unembedded(self, embedder: Embedder) -> int:
        """How many of the indexed texts have no vector, whatever was noted of them. Raises Damaged."""
        with self._guarded():
            found = self._connection.execute("SELECT DISTINCT text_key FROM parts").fetchall()
        keys = [key for (key,) in found]
        return len(keys) - len(self.vectors(embedder).places(keys))

    def _embedded(self, embedder: Embedder) -> str | None:
        """Why not all texts have vectors; None where they do. A slow embedder embeds but a few while somebody waits."""
        from memcli.index.vectors.dense import INLINE

        try:
            self.embed(embedder, None if embedder.quick else INLINE)
        except (Unavailable, Busy) as error:
            return error.message
        return None

    @property
    def _writable(self) -> bool:
        return self.persistent or self._own_copy

    def vectors(self, embedder: Embedder) -> Vectors:
        """The vectors of an embedder, whatever generation the rows are of."""
        from memcli.index.vectors.vector_file import Vectors

        if embedder.name not in self._vectors:
            place = self.directory / "vectors" / quote(embedder.name, safe="") if self.directory else None
            self._vectors[embedder.name] = Vectors(place)
        return self._vectors[embedder.name]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if not self._writable:
            with self._guarded():
                self._connection, read_only = in_memory(self._connection), self._connection
                read_only.close()
                self._own_copy = True
        with self._guarded(), transaction(self._connection, "IMMEDIATE", keep=True):
            yield self._connection

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """sqlite3's errors as ours; a damaged index is left behind for a fresh one first, so that a retry works."""
        try:
            with failures():
                yield
        except Damaged:
            self._start_afresh()
            raise

    def _start_afresh(self) -> None:
        import sqlite3

        self._connection.close()
        fresh = None
        if self.persistent and self.directory is not None:
            try:
                fresh = Index(self.directory, generations.create(self.directory), True)
            except (OSError, sqlite3.Error):
                fresh = None
        fresh = fresh or Index._empty()
        self.directory, self.persistent = fresh.directory, fresh.persistent
        self._connection, self._own_copy = fresh._connection, fresh._own_copy


def _everything(connection: sqlite3.Connection, ref: str, number: int | None) -> Iterator[tuple[object, ...]]:
    """All that is stored of a ref but its name: memories by path with what hangs on them, then unreadable files."""
    columns = ", ".join(f"memories.{column}" for column in STORED)
    memories = connection.execute(
        f"SELECT row, {columns}, text FROM memories JOIN texts USING (row) WHERE ref = ? ORDER BY path", (ref,)
    )
    for row, *values in memories:
        yield tuple(values[1:])
        for table in ("anchors", "tags", "links"):
            yield from sorted(
                (item[1:] for item in connection.execute(f"SELECT * FROM {table} WHERE row = ?", (row,))), key=repr
            )
        yield from connection.execute("SELECT text_key FROM parts WHERE row = ? ORDER BY number", (row,))
        table = "terms WHERE row" if schema.holds_candidates(ref) else f"search_{number} WHERE rowid"
        yield from connection.execute(f"SELECT title, body, idents FROM {table} = ?", (row,))
    yield from connection.execute("SELECT path, blob, message FROM unreadable WHERE ref = ? ORDER BY path", (ref,))


def _search_problems(connection: sqlite3.Connection, number: int) -> list[str]:
    """What the full-text table's own check says about its terms; nothing for a session, which has none."""
    import sqlite3

    try:
        connection.execute(f"INSERT INTO search_{number} (search_{number}) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        return [] if str(error).startswith("no such table") else [f"full-text table: {error}"]
    return []
