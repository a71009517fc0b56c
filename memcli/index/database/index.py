"""The index as one thing: open it, ask what it holds, bring it to a tree, read it through a view.

Its rows are a function of (tree, schema), its vectors of (text, embedder), so losing it loses nothing. An update is one
transaction with the manifest written last: a reader sees all of it or none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from memcli.core.memory.staleness import AnchorStatus, RecordedAnchor
from memcli.errors import Busy, Conflict, MemError
from memcli.index.database.handle import DatabaseHandle
from memcli.index.database.overlay import open_past, open_view
from memcli.index.database.view import View
from memcli.index.storage import anchor_cache, indexed_refs, rows, session_cache, tables
from memcli.index.storage.connection import WRITE_WAIT, failures, transaction, wait
from memcli.index.storage.manifest import FileChange, Manifest
from memcli.index.storage.session_cache import SessionFact
from memcli.index.vectors.embedding import Embedder, Unavailable

if TYPE_CHECKING:
    import sqlite3

    from memcli.index.vectors.vector_file import Vectors


class Index:
    """The index behind a database handle. Close it, or use it in a `with`."""

    def __init__(self, database: DatabaseHandle) -> None:
        self.database = database
        self._vectors: dict[str, Vectors] = {}

    @classmethod
    def open(cls, directory: Path | None) -> Index:
        """The index below `directory` (None: in memory only), made where it is missing, unreadable or of another
        schema; never raises."""
        return cls(DatabaseHandle(directory))

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def persistent(self) -> bool:
        """Whether what is written stays."""
        return self.database.persistent

    def manifest(self, ref: str) -> Manifest | None:
        """What the rows of `ref` were made from; None where it is not indexed. Raises IndexDamaged."""
        statement = "SELECT ref, tree, commit_id, schema FROM manifests WHERE ref = ?"
        with self.database.reading() as connection:
            row = connection.execute(statement, (ref,)).fetchone()
        return Manifest(*row) if row else None

    def update(
        self, manifest: Manifest, changes: Iterable[FileChange], *, replace: bool = False, base: str | None = None
    ) -> None:
        """Bring the rows of `manifest.ref` to `manifest.tree` in one transaction. Raises IndexDamaged, Busy.

        `changes` are those since the indexed tree, or all files with `replace`. `base` is the tree they were computed
        from: where another process has moved the rows on since, Conflict (compute them again).
        """
        with self.database.writing() as connection:
            number = indexed_refs.ref_number(connection, manifest.ref)
            if base is not None and indexed_refs.indexed_tree(connection, manifest.ref) != base:
                raise Conflict("another process updated the index", "run the command again")
            if replace and number is not None:
                indexed_refs.forget_ref(connection, manifest.ref, number)
                number = None
            if number is None:
                number = indexed_refs.register_ref(connection, manifest.ref)
            search = None if tables.holds_candidates(manifest.ref) else number
            for change in changes:
                rows.put_file(connection, manifest.ref, search, change)
            connection.execute(
                "UPDATE manifests SET tree = ?, commit_id = ?, schema = ? WHERE number = ?",
                (manifest.tree, manifest.commit, manifest.schema, number),
            )

    def forget(self, ref: str) -> None:
        """Take out a ref that is gone: its rows and its manifest."""
        with self.database.writing() as connection:
            number = indexed_refs.ref_number(connection, ref)
            if number is not None:
                indexed_refs.forget_ref(connection, ref, number)

    @contextmanager
    def rebuilding(self) -> Iterator[Index]:
        """An empty index to fill, which takes this one's place when the block ends: other readers see the old rows or
        the new ones, never none. Raises Busy, Failure."""
        with self.database.replacing() as fresh:
            yield Index(fresh)

    def anchor_statuses(self, head: str, anchors: Iterable[RecordedAnchor]) -> dict[RecordedAnchor, AnchorStatus]:
        """The cached status of anchors at a commit of the code. Raises IndexDamaged."""
        with self.database.reading() as connection:
            return anchor_cache.cached_statuses(connection, head, anchors)

    def cache_anchor_statuses(self, head: str, statuses: Mapping[RecordedAnchor, AnchorStatus]) -> None:
        """Cache what git said of anchors; not while a view is open."""
        self._write_cache(lambda connection: anchor_cache.cache_statuses(connection, head, statuses))

    def _write_cache(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """Write what may be lost, where the index can be written at once."""
        if not self.persistent:
            return
        connection = self.database.connection
        wait(connection, 0)
        try:
            with failures(), transaction(connection, "IMMEDIATE", keep=True):
                write(connection)
        except MemError:
            return  # busy, full or broken: what matters of that, the next to read or write will say
        finally:
            wait(connection, WRITE_WAIT)

    def session_facts(self) -> list[SessionFact]:
        """What is remembered of sessions. Raises IndexDamaged."""
        with self.database.reading() as connection:
            return session_cache.cached_facts(connection)

    def cache_session_facts(self, facts: Iterable[SessionFact], sessions: Collection[str]) -> None:
        """Remember what was read of sessions, of which `sessions` are there; not while a view is open."""
        self._write_cache(lambda connection: session_cache.cache_facts(connection, facts, sessions))

    def refs(self) -> list[str]:
        """The indexed refs, sorted."""
        with self.database.reading() as connection:
            return [ref for (ref,) in connection.execute("SELECT ref FROM manifests ORDER BY ref")]

    def unreadable(self, ref: str) -> list[tuple[str, str]]:
        """(path, what is wrong with it) of the files that are not memories, by path."""
        statement = "SELECT path, message FROM unreadable WHERE ref = ? ORDER BY path"
        with self.database.reading() as connection:
            return connection.execute(statement, (ref,)).fetchall()

    def digest(self, ref: str) -> str:
        """Sha-256 (hex) over the rows of `ref`; equal for equal trees."""
        from memcli.index.database.integrity import rows_digest

        with self.database.reading() as connection, transaction(connection, "DEFERRED", keep=False):
            return rows_digest(connection, ref)

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file, its full-text tables included; reads all of it."""
        from memcli.index.database.integrity import file_problems

        with self.database.reading() as connection:
            return file_problems(connection)

    @contextmanager
    def view(
        self,
        main_ref: str,
        session_ref: str | None = None,
        extra: Sequence[FileChange] = (),
        embedder: Embedder | None = None,
    ) -> Iterator[View]:
        """The store as one reader sees it: the rows of `main_ref`, under the candidates of `session_ref`, under `extra`
        files not yet committed. It stays as it was when opened. Raises IndexDamaged.

        With an embedder it can be searched by meaning too (`View.dense`); where that fails, `View.degraded` says why.
        """
        failure = self._embedded(embedder) if embedder else None
        writable = self.database.writable
        with (
            self.database.reading() as connection,
            open_view(connection, writable, main_ref, session_ref, extra) as view,
        ):
            self._let_search(view, embedder, failure)
            yield view

    @contextmanager
    def past(
        self, then: Manifest, changes: Sequence[FileChange], *, base: str, embedder: Embedder | None = None
    ) -> Iterator[View]:
        """Any other tree than the indexed one: the rows of `then.ref`, with `changes` (those from the indexed tree
        `base` to `then.tree`, memories that are gone among them) laid over. No session's candidates are in it.

        Where another process has moved the rows on since: Conflict (compute the changes again). Raises IndexDamaged.
        """
        failure = self._embedded(embedder) if embedder else None
        writable = self.database.writable
        with self.database.reading() as connection, open_past(connection, writable, then, base, changes) as view:
            self._let_search(view, embedder, failure)
            yield view

    def _let_search(self, view: View, embedder: Embedder | None, failure: str | None) -> None:
        if embedder is not None and failure is None:
            view.enable_dense(embedder, self.vectors(embedder))
        view.degraded = failure or view.degraded

    def embed(self, embedder: Embedder, most: int | None = None) -> int:
        """Embed every indexed text that has no vector yet (at most `most`); how many. Raises Unavailable, IndexDamaged,
        Busy."""
        from memcli.index.vectors.dense import Filling

        with self.database.reading() as connection:
            filling = Filling(connection, embedder, self.vectors(embedder))
            if filling.done >= filling.last:
                return 0
            count = filling.fill(most)
        if self.database.writable:
            with self.database.writing() as connection:
                filling.note(connection)
        return count

    def unembedded(self, embedder: Embedder) -> int:
        """How many of the indexed texts have no vector, whatever was noted of them. Raises IndexDamaged."""
        with self.database.reading() as connection:
            keys = [key for (key,) in connection.execute("SELECT DISTINCT text_key FROM parts")]
        return len(keys) - len(self.vectors(embedder).places(keys))

    def _embedded(self, embedder: Embedder) -> str | None:
        """Why not all texts have vectors; None where they do. A slow embedder embeds but a few while somebody waits."""
        from memcli.index.vectors.dense import INLINE

        try:
            self.embed(embedder, None if embedder.quick else INLINE)
        except (Unavailable, Busy) as error:
            return error.message
        return None

    def vectors(self, embedder: Embedder) -> Vectors:
        """The vectors of an embedder, whatever generation the rows are of."""
        from memcli.index.vectors.vector_file import Vectors

        if embedder.name not in self._vectors:
            directory = self.database.directory
            place = directory / "vectors" / quote(embedder.name, safe="") if directory else None
            self._vectors[embedder.name] = Vectors(place)
        return self._vectors[embedder.name]
