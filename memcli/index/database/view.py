"""The store as one reader sees it: main's rows, one session's candidates over them, unsaved files over both.

A candidate shadows main's memory of the same id. BM25's statistics must be those of the tree the reader sees, so
`overlay` takes shadowed rows out of the tables and puts candidates into main's full-text table, inside a transaction
that is rolled back: every query below asks plain tables. Without candidates it is a read transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from memcli.core.memory.anchors import matching, tidied
from memcli.core.memory.identity import CROCKFORD
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.core.text import analysis
from memcli.index.database.asked_questions import AskedQuestions
from memcli.index.database.neighbours import Neighbours
from memcli.index.database.origins import Origins
from memcli.index.database.telling_terms import COMMON, telling_terms
from memcli.index.database.visible_rows import SELECT, VisibleRows, summary_of
from memcli.index.storage.filters import among
from memcli.index.storage.full_text import FullText, Lexical, any_of
from memcli.index.storage.indexed_refs import indexed_tree
from memcli.index.storage.validity import Condition
from memcli.index.vectors.embedding import Embedder, Unavailable

if TYPE_CHECKING:
    import sqlite3

    from memcli.index.vectors.dense import Dense
    from memcli.index.vectors.vector_file import Vectors

ACTIVE, ANY = Filters(), Filters(all=True)


class View:
    """One reading of the index, `refs` = main's and the session's; use it inside the `with` that made it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        refs: tuple[str, ...],
        search: int | None,
        fulltext: Lexical | None = None,
    ) -> None:
        self.fulltext: Lexical = fulltext or FullText(connection, search)
        self._connection, self._rows = connection, VisibleRows(connection, refs)
        self.questions = AskedQuestions(self._rows)
        self.origins = Origins(self._rows)
        self.neighbours = Neighbours(connection, self._rows.among_few)
        self.dense: Dense | None = None
        self.count_uses: Callable[[], Mapping[str, float]] = dict
        self._degraded: str | None = None

    def enable_dense(self, embedder: Embedder, vectors: Vectors) -> None:
        """Make the view searchable by meaning; where what is laid over cannot be embedded, `degraded` says so."""
        from memcli.index.vectors.dense import INLINE, Dense, Filling

        try:
            Filling(self._connection, embedder, vectors).fill(None if embedder.quick else INLINE)
            self.dense = Dense(self._connection, self._rows.among_few, embedder, vectors)
        except Unavailable as error:
            self.degraded = error.message

    @cached_property
    def uses(self) -> Mapping[str, float]:
        """How often each memory was shown, by id, as `count_uses` tells; it is asked by searches only."""
        return self.count_uses()

    def hide(self, excludes: Callable[[str], bool]) -> None:
        """From now on no filter lets pass what is only anchored at excluded paths, or was taken from one."""
        self._rows.hide(excludes)
        self.questions = AskedQuestions(self._rows)

    @property
    def hides(self) -> bool:
        """Whether there is anything that `hide` keeps from being shown."""
        return self._rows.hides

    def hidden_files(self) -> set[str]:
        """The files of the memories that `hide` keeps from being shown."""
        return self._rows.hidden_files()

    @property
    def degraded(self) -> str | None:
        """Why answers lack their dense side, where they should have one."""
        return self._degraded or (self.dense.failure if self.dense else None)

    @degraded.setter
    def degraded(self, reason: str | None) -> None:
        self._degraded = reason

    @property
    def tree(self) -> str:
        """The store's tree as this view has it, without what a session lays over it; empty where nothing is indexed."""
        return indexed_tree(self._connection, self._rows.refs[0]) or ""

    def get(self, memory_id: str) -> MemorySummary | None:
        """The memory of a full id."""
        return next(iter(self._rows.where("id = ?", [memory_id])), None)

    def find(self, text: str) -> list[MemorySummary]:
        """The memories whose id begins or ends with `text`, in any case, by id."""
        wanted = text.upper()
        if not wanted or not set(CROCKFORD).issuperset(wanted):
            return []
        if len(wanted) == 26:
            return self._rows.where("id = ?", [wanted])[:1]
        # `[` follows `Z`: the range holds just what begins with the text, and an index answers it.
        bounds = [wanted, wanted + "[", wanted[::-1], wanted[::-1] + "["]
        return self._rows.where("(id >= ? AND id < ? OR reversed_id >= ? AND reversed_id < ?)", bounds)

    def by_key(self, key: str) -> list[MemorySummary]:
        """The memories of one key in the order of its timeline."""
        records = self._rows.where("key = ?", [key])
        return sorted(records, key=lambda record: (record.valid_from or record.created, record.id))

    def by_claim(self, claim: str) -> list[MemorySummary]:
        """The memories that make the same claim (`core.review.claim.claim_hash`), whatever their status, by id."""
        return self._rows.where("claim = ?", [claim])

    def linking_to(self, memory_id: str, relation: str | None = None) -> list[MemorySummary]:
        """The memories that name this one, by any relation or by one: `link`, `based_on`, `supersedes`, `merged_from`.

        Links may cut an id short to six or more of its first or last characters.
        """
        lengths = range(6, len(memory_id) + 1)
        targets = sorted({memory_id[:length] for length in lengths} | {memory_id[-length:] for length in lengths})
        named, values = among("target", targets)
        related, more = among("relation", [relation] if relation else [])
        return self._rows.where(f"row IN (SELECT row FROM links WHERE {named} AND {related})", [*values, *more])

    def sourced(self) -> list[MemorySummary]:
        """The memories that were taken from a file, whatever their status, by id."""
        return self._rows.where("row IN (SELECT row FROM links WHERE relation = 'source')", [])

    def anchored(self, filters: Filters = ACTIVE) -> list[MemorySummary]:
        """The memories with anchors that pass, by id."""
        passes, values = self.condition(filters)
        return self._rows.where(f"row IN (SELECT row FROM anchors) AND {passes}", values)

    def anchored_at(self, name: str) -> list[tuple[str, bool]]:
        """(id, whether by the whole path) of the memories anchored at a path or at a file of that name."""
        statement = "SELECT id, max(anchors.path = ?) FROM anchors JOIN memories USING (row)"
        named = f"WHERE (anchors.path = ? OR name = ?) AND {self._rows.within} GROUP BY id ORDER BY id"
        bound = [tidied(name), tidied(name), name, *self._rows.refs]
        return [
            (memory_id, bool(whole)) for memory_id, whole in self._connection.execute(f"{statement} {named}", bound)
        ]

    def anchored_among(self, paths: Collection[str]) -> list[MemorySummary]:
        """The memories anchored at one of these paths, at a directory above one or by a glob that matches one, and
        those with a `holds_if` rule on one; by id."""
        files = set(map(tidied, paths))
        above = {str(parent) for path in files for parent in PurePosixPath(path).parents}
        globs = (glob for (glob,) in self._connection.execute("SELECT DISTINCT path FROM anchors WHERE glob"))
        named = json.dumps(sorted({*files, *above, *matching(globs, files)}))
        anchored = "SELECT row FROM anchors WHERE path IN (SELECT value FROM json_each(?))"
        ruled = "SELECT row FROM links WHERE relation = 'holds_if' AND target IN (SELECT value FROM json_each(?))"
        return self._rows.where(f"row IN ({anchored} UNION {ruled})", [named, named])

    def expired(self, instant: str) -> list[MemorySummary]:
        """The active memories that had expired by an instant, by id."""
        return self._rows.where("expires IS NOT NULL AND expires <= ? AND status = 'active'", [instant])

    def superseded_before(self, instant: str) -> list[MemorySummary]:
        """The superseded memories that were modified last before an instant, by id."""
        return self._rows.where("status = 'superseded' AND modified < ?", [instant])

    def tagged(self, tags: Iterable[str]) -> list[str]:
        """The ids of the memories with one of the tags, sorted."""
        named, values = among("tag", list(tags))
        if not values:
            return []
        visible = f"{named} AND +{self._rows.within}"
        statement = f"SELECT DISTINCT id FROM tags JOIN memories USING (row) WHERE {visible} ORDER BY id"
        return [memory_id for (memory_id,) in self._connection.execute(statement, [*values, *self._rows.refs])]

    def similar(self, text: str, limit: int, filters: Filters = ANY, stored: bool = False) -> list[MemorySummary]:
        """The memories (by default of any status) that share the most telling terms with `text`, best first.

        `stored`: the text is that of a memory in the view, so a term that only one memory has finds no other.
        """
        counts = self.fulltext.counts(analysis.stems(text), COMMON)
        shared = {term: count for term, count in counts.items() if count > 1} if stored else counts
        ranking = self.fulltext.ranked(any_of(telling_terms(shared)), self.condition(filters), limit)
        records = self.by_ids(memory_id for memory_id, _ in ranking)
        return [records[memory_id] for memory_id in dict.fromkeys(memory_id for memory_id, _ in ranking)]

    def by_ids(self, ids: Iterable[str], filters: Filters = ANY) -> dict[str, MemorySummary]:
        """The memories of these ids that pass, by id."""
        named, values = among("id", list(ids))
        passes, more = self.condition(filters)
        records = self._rows.where(f"{named} AND {passes}", [*values, *more]) if values else []
        return {record.id: record for record in reversed(records)}

    def passing(self, ids: Iterable[str], filters: Filters = ANY) -> list[str]:
        """Which of these ids, of any number, are those of memories that pass; sorted."""
        passes, values = self._rows.among_few(filters)
        statement = "SELECT DISTINCT id FROM memories WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._connection.execute(f"{statement} AND {passes} ORDER BY id", [json.dumps(list(ids)), *values])
        return [memory_id for (memory_id,) in rows]

    def records(self, filters: Filters = ACTIVE) -> Iterator[MemorySummary]:
        """The memories that pass, last modified first, then by id."""
        passes, values = self._rows.passing(filters)
        statement = f"{SELECT} WHERE {passes} ORDER BY modified DESC, id, path"
        return map(summary_of, self._connection.execute(statement, values))

    def count(self, filters: Filters = ACTIVE) -> int:
        """How many memories pass."""
        passes, values = self._rows.passing(filters)
        return int(self._connection.execute(f"SELECT count(*) FROM memories WHERE {passes}", values).fetchone()[0])

    def topics(self) -> list[tuple[str, int]]:
        """The topics of active memories and how many each has, the largest first, then by name."""
        passes, values = self._rows.passing(ACTIVE)
        statement = f"SELECT topic, count(*) AS size FROM memories WHERE +{passes} GROUP BY topic"
        return self._connection.execute(f"{statement} ORDER BY size DESC, topic", values).fetchall()

    def recent(self, topic: str, limit: int) -> list[MemorySummary]:
        """The active memories of a topic that were modified last, the last first, then by id."""
        return self.questions.beside(self._active("topic = ?", [topic], "modified DESC, id, path", limit))

    def pinned(self, limit: int) -> list[MemorySummary]:
        """The first active pinned memories, by id."""
        return self.questions.beside(self._active("pin", [], "id, path", limit))

    def unsettled(self, limit: int) -> list[MemorySummary]:
        """The active memories with open questions, last modified first, then by id."""
        return [record for record in self.questions.asking() if record.status == "active"][:limit]

    def text(self, record: MemorySummary) -> str:
        """The whole file of a memory of this view."""
        statement = "SELECT text FROM texts JOIN memories USING (row) WHERE ref = ? AND path = ?"
        row = self._connection.execute(statement, (record.ref, record.path)).fetchone()
        return str(row[0]) if row else ""

    def condition(self, filters: Filters) -> Condition:
        """Filters as SQL over `memories`."""
        return self._rows.condition(filters)

    def _active(self, condition: str, values: Sequence[object], order: str, limit: int) -> list[MemorySummary]:
        passes, more = self._rows.among_few(ACTIVE)
        statement = f"{SELECT} WHERE {condition} AND {passes} ORDER BY {order} LIMIT ?"
        return [summary_of(row) for row in self._connection.execute(statement, [*values, *more, limit])]
