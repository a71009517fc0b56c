"""What one file becomes in the index. Every row is a function of (ref, path, blob, text) alone: no clock, no order, no
other row, so that any sequence of updates that ends in a tree gives the rows of that tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from memcli.core.memory import document, keys
from memcli.core.memory.anchors import has_wildcards, tidied
from memcli.core.memory.parts import part_key, parts
from memcli.core.text import analysis
from memcli.index.storage.manifest import FileChange
from memcli.index.storage.tables import PARTS, STORED

if TYPE_CHECKING:
    import sqlite3

    from memcli.core.memory.memory import Memory

_INSERT = f"INSERT INTO memories ({', '.join(STORED)}) VALUES ({', '.join('?' * len(STORED))})"


@dataclass(frozen=True)
class UnreadableFile:
    """A file that is no memory, and why."""

    message: str


@dataclass(frozen=True)
class ReadableFile:
    """A file that is one."""

    memory: Memory
    text: str


def read_file(data: bytes) -> ReadableFile | UnreadableFile:
    """A file's bytes as a memory, or what is wrong with them; never raises."""
    from memcli.core.finding import BLOCK
    from memcli.core.memory.schema import read_memory  # not at the top: a recall at a current index needs no schema

    try:
        text = document.decode(data)
        parsed = document.parse_document(text)
    except document.DocumentError as error:
        return UnreadableFile(str(error))
    memory, findings = read_memory(parsed)
    if memory is None:
        return UnreadableFile("; ".join(finding.message for finding in findings if finding.severity == BLOCK))
    return ReadableFile(memory, text)


def put_file(connection: sqlite3.Connection, ref: str, search: int | None, change: FileChange) -> None:
    """Make the rows of one path those of `change`; `search` is the number of the ref's full-text table; None
    keeps the terms aside, for views to lend.

    `read_file` comes first: a file that breaks it must not leave the path half removed.
    """
    parsed = None if change.blob is None else read_file(change.data)
    remove_rows(connection, search, [row for (row,) in _at(connection, ref, change.path)])
    connection.execute("DELETE FROM unreadable WHERE ref = ? AND path = ?", (ref, change.path))
    if isinstance(parsed, UnreadableFile):
        values = (ref, change.path, change.blob, parsed.message)
        connection.execute("INSERT INTO unreadable VALUES (?, ?, ?, ?)", values)
    elif parsed:
        _insert(connection, ref, search, change, parsed)


def remove_rows(connection: sqlite3.Connection, search: int | None, rows: Iterable[int]) -> None:
    """Take memories out, with all that hangs on them."""
    for row in rows:
        if search is not None:
            connection.execute(f"DELETE FROM search_{search} WHERE rowid = ?", (row,))
        for table in ("memories", *PARTS):
            connection.execute(f"DELETE FROM {table} WHERE row = ?", (row,))


def _at(connection: sqlite3.Connection, ref: str, path: str) -> list[tuple[int]]:
    return connection.execute("SELECT row FROM memories WHERE ref = ? AND path = ?", (ref, path)).fetchall()


def _insert(
    connection: sqlite3.Connection, ref: str, search: int | None, change: FileChange, parsed: ReadableFile
) -> None:
    memory = parsed.memory
    row = connection.execute(_INSERT, _values(ref, change, memory)).lastrowid
    assert row is not None
    connection.execute("INSERT INTO texts VALUES (?, ?)", (row, parsed.text))
    connection.executemany("INSERT INTO anchors VALUES (?, ?, ?, ?, ?)", _anchors(row, memory))
    connection.executemany("INSERT INTO tags VALUES (?, ?)", [(row, tag) for tag in sorted({*memory.tags})])
    connection.executemany("INSERT INTO links VALUES (?, ?, ?)", _links(row, memory))
    keys = [(row, part_key(part)) for part in parts(memory.title, memory.body)]
    connection.executemany("INSERT INTO parts (row, text_key) VALUES (?, ?)", keys)
    table = "terms (row" if search is None else f"search_{search} (rowid"
    columns = [" ".join(column) for column in terms(memory)]
    connection.execute(f"INSERT INTO {table}, title, body, idents) VALUES (?, ?, ?, ?)", (row, *columns))


def _values(ref: str, change: FileChange, memory: Memory) -> tuple[object, ...]:
    from memcli.core.review.claim import claim_hash

    mirrored = (key.type.column(key.of(memory)) for key in keys.COLUMNS if key.type)
    questions = "\n".join(question.line for question in memory.questions) or None
    return (ref, change.path, change.blob, *mirrored, questions, claim_hash(memory), memory.id[::-1])


def _anchors(row: int, memory: Memory) -> list[tuple[int, str, str, str | None, bool]]:
    rows = []
    for anchor in memory.paths:
        path = tidied(anchor.path)
        rows.append((row, path, path.rpartition("/")[2], anchor.blob, has_wildcards(path)))
    return rows


def _links(row: int, memory: Memory) -> list[tuple[int, str, str]]:
    """Links of the body (`[[id|title]]`, the id possibly cut short) and of the front matter, each once; the paths of
    the code that its `holds_if` rules look at, and of what it was taken from."""
    from memcli.core.memory.holds_if import parse_rule  # reading the index needs neither
    from memcli.core.review.exclusion import source_path

    links = {("link", match.group(1).upper()) for match in _link_pattern().finditer(memory.body)}
    links.update(("holds_if", tidied(rule.path)) for rule in map(parse_rule, memory.holds_if) if rule)
    links.update(("source", path) for path in [source_path(memory.source.ref)] if path)
    for relation in ("based_on", "supersedes", "merged_from"):
        links.update((relation, target.upper()) for target in getattr(memory, relation))
    return [(row, relation, target) for relation, target in sorted(links)]


@cache
def _link_pattern() -> re.Pattern[str]:
    return re.compile(r"\[\[([0-9A-Za-z]{6,26})(?:…|\.\.\.)?(?:\|[^\]\n]*)?\]\]")


def terms(memory: Memory) -> tuple[list[str], list[str], list[str]]:
    """What a memory is findable by: the terms of its title, of its body, and what only its code words add to them,
    with those of its anchors, key and tags.

    A code word's part that the text has as a word anyway counts once: twice, it costs more than it finds.
    """
    title, body = analysis.stems(memory.title), analysis.stems(memory.body)
    labels = " ".join([*(anchor.path for anchor in memory.paths), memory.key or "", *memory.tags])
    coded = dict.fromkeys(analysis.identifiers(f"{memory.title}\n{memory.body}\n{labels}"))
    words = {*title, *body}
    return title, body, [*(term for term in coded if term not in words), *analysis.stems(labels)]
