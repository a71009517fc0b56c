"""The tables of `index.db`. Nothing is migrated: another `SCHEMA` means a fresh generation. Raise `REVISION` with every
change in `rows` or in `core.text.analysis`; a change of the tables themselves is noticed without it.

One row of `memories` is one file of one ref; its text, anchors and links hang on the row's number. Every ref that holds
a whole store has a full-text table of its own, `search_<number of its manifest>`, because BM25 weighs a word by how
rare it is in the tree the reader sees. A session's candidates have their terms in `terms` instead; a view lends them to
the store's table for one reading.

`anchor_statuses` and `session_facts` belong to no tree: they cache what git said of anchors at commits of the code, and
what sessions say at their tips.
"""

from __future__ import annotations

from binascii import crc32
from typing import TYPE_CHECKING

from memcli.core.memory import keys
from memcli.core.memory.summary import MemorySummary

if TYPE_CHECKING:
    import sqlite3

REVISION = 2
APPLICATION = 0x6D656D31
"""`mem1` in the header of the file, so that another program's database is never taken for ours."""

COLUMNS = MemorySummary._fields
"""The columns of a memory that readers get."""

PARTS = ("texts", "terms", "anchors", "tags", "links", "parts")
"""The tables of what hangs on a memory, each by its `row`."""

MIRRORED = tuple(key.column_name for key in keys.COLUMNS)
"""The columns that mirror a front matter key."""
STORED = ("ref", "path", "blob", *MIRRORED, "questions", "claim", "reversed_id")
"""All columns of a memory but its number; `questions`: those of `core.memory.questions`, a line each."""

TABLES = f"""
CREATE TABLE manifests (
    number INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, tree TEXT NOT NULL, commit_id TEXT NOT NULL,
    schema INTEGER NOT NULL
);
CREATE TABLE memories (
    row INTEGER PRIMARY KEY, ref TEXT NOT NULL, path TEXT NOT NULL, blob TEXT NOT NULL,
    {", ".join(f"{key.column_name} {key.column}" for key in keys.COLUMNS)},
    questions TEXT, claim TEXT NOT NULL, reversed_id TEXT NOT NULL,
    UNIQUE (ref, path)
);
CREATE INDEX memories_id ON memories (id);
CREATE INDEX memories_reversed_id ON memories (reversed_id);
CREATE INDEX memories_recent ON memories (ref, modified DESC, id);
CREATE INDEX memories_topic ON memories (topic, ref, status, modified DESC, id);
CREATE INDEX memories_pinned ON memories (id) WHERE pin;
CREATE INDEX memories_unsettled ON memories (modified DESC, id) WHERE questions IS NOT NULL;
CREATE INDEX memories_key ON memories (key, coalesce(valid_from, created), id) WHERE key IS NOT NULL;
CREATE INDEX memories_episodes ON memories (topic, coalesce(valid_from, created), id) WHERE kind = 'episodic';
CREATE INDEX memories_claim ON memories (claim);
CREATE INDEX memories_expiring ON memories (expires, id) WHERE expires IS NOT NULL;
CREATE INDEX memories_superseded ON memories (modified, id) WHERE status = 'superseded';
CREATE TABLE texts (row INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE terms (row INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, idents TEXT NOT NULL);
CREATE TABLE anchors (row INTEGER NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, blob TEXT, glob INTEGER NOT NULL);
CREATE INDEX anchors_row ON anchors (row);
CREATE INDEX anchors_path ON anchors (path);
CREATE INDEX anchors_name ON anchors (name);
CREATE TABLE tags (row INTEGER NOT NULL, tag TEXT NOT NULL);
CREATE INDEX tags_row ON tags (row);
CREATE INDEX tags_tag ON tags (tag);
CREATE TABLE links (row INTEGER NOT NULL, relation TEXT NOT NULL, target TEXT NOT NULL);
CREATE INDEX links_row ON links (row);
CREATE INDEX links_target ON links (target);
CREATE TABLE parts (number INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL, text_key BLOB NOT NULL);
CREATE INDEX parts_row ON parts (row);
CREATE INDEX parts_key ON parts (text_key);
CREATE TABLE embedded (embedder TEXT PRIMARY KEY, number INTEGER NOT NULL, vectors INTEGER NOT NULL);
CREATE TABLE unreadable (
    ref TEXT NOT NULL, path TEXT NOT NULL, blob TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (ref, path)
);
CREATE TABLE anchor_statuses (
    head TEXT NOT NULL, path TEXT NOT NULL, blob TEXT NOT NULL, verified TEXT NOT NULL, written TEXT NOT NULL,
    earlier TEXT NOT NULL, present TEXT, moved_to TEXT, moved TEXT,
    PRIMARY KEY (head, path, blob, verified, written)
);
CREATE TABLE session_facts (
    session TEXT NOT NULL, what TEXT NOT NULL, stamp TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (session, what)
);
"""

SEARCH = """
CREATE VIRTUAL TABLE search_{number} USING fts5 (title, body, idents, tokenize = 'ascii');
CREATE VIRTUAL TABLE vocabulary_{number} USING fts5vocab (search_{number}, 'row');
"""
"""`ascii` splits at ASCII punctuation only: terms of `core.text.analysis` stay whole, whatever Unicode SQLite knows."""

SCHEMA = crc32(f"{REVISION}{TABLES}{SEARCH}".encode()) >> 1
"""Names what is above and `REVISION`, in the 31 bits that the file's header has for it."""


def create_tables(connection: sqlite3.Connection) -> None:
    """All tables of an empty database, inside the caller's transaction."""
    _run(connection, TABLES)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether this is our database, of this schema."""
    names = ("application_id", "user_version")
    return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == [APPLICATION, SCHEMA]


def create_search(connection: sqlite3.Connection, number: int) -> None:
    """The full-text table of the store whose manifest has this number."""
    _run(connection, SEARCH.format(number=number))


def drop_search(connection: sqlite3.Connection, number: int) -> None:
    """Remove the full-text table of a store that is forgotten."""
    for table in ("vocabulary", "search"):
        connection.execute(f"DROP TABLE IF EXISTS {table}_{number}")


def holds_candidates(ref: str) -> bool:
    """Whether this is a session's ref, which has rows for its candidates only; all others hold a whole store."""
    return "/mem/sessions/" in ref or ref.startswith("refs/mem/ended/")


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Each statement by itself: `executescript` would commit the caller's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)
