"""Memory files for the tests of the index."""

from __future__ import annotations

import hashlib

from memcli.core.memory.document import Value, new_document
from memcli.core.memory.identity import derived_ulid
from memcli.core.memory.instants import parse_instant
from memcli.index.storage.manifest import FileChange, Manifest
from memcli.index.storage.tables import SCHEMA

MAIN, SESSION = "refs/heads/mem/main", "refs/mem/sessions/work"
WRITTEN = "2026-11-20T09:30:00Z"


def memory_id(name: str) -> str:
    """The id that tests use for a memory called `name`."""
    return derived_ulid(parse_instant(WRITTEN), name)


def text_of(name: str, body: str, **front: Value) -> str:
    """A complete memory file; keys in `front` replace the usual ones."""
    usual: dict[str, Value] = {
        "id": memory_id(name),
        "title": f"About {name}",
        "kind": "semantic",
        "type": "fact",
        "topic": "general",
        "status": "active",
        "created": WRITTEN,
        "modified": WRITTEN,
    }
    return new_document({**usual, **front}, body).text()


def path_of(name: str) -> str:
    return f"semantic/general/{name}.md"


def change(name: str, body: str, path: str | None = None, **front: Value) -> FileChange:
    """The file of a memory as an update gets it."""
    return raw(path or path_of(name), text_of(name, body, **front).encode())


def raw(path: str, data: bytes) -> FileChange:
    return FileChange(path, hashlib.sha1(data).hexdigest(), data)


def gone(name: str) -> FileChange:
    return FileChange(path_of(name), None, b"")


def manifest(tree: str = "t", ref: str = MAIN) -> Manifest:
    return Manifest(ref, tree, f"commit-{tree}", SCHEMA)
