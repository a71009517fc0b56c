"""The index's values: what goes in (manifests, file changes), what comes out (records), what narrows it (filters)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Manifest:
    """What the rows of one ref were made from. The index is a function of (tree, schema, embedder)."""

    ref: str
    tree: str
    commit: str
    schema: int
    embedder: str = "none"


@dataclass(frozen=True)
class FileChange:
    """A memory's file at one path; `blob` None means that the file is gone."""

    path: str
    blob: str | None
    data: bytes


class Record(NamedTuple):
    """One indexed memory without its text (`View.text` has that); times are RFC 3339, UTC.

    A named tuple, not a dataclass: listing 100,000 of them must stay cheap.
    """

    ref: str
    path: str
    blob: str
    id: str
    title: str
    kind: str
    type: str
    topic: str
    key: str | None
    status: str
    created: str
    modified: str
    valid_from: str | None
    valid_to: str | None
    evidence: str | None
    importance: float | None
    attention: str | None
    superseded_by: str | None
    agent: str | None
    session: str | None
    tags: tuple[str, ...]
    pin: bool
    read_only: bool
    conflict: bool


@dataclass(frozen=True)
class Filters:
    """Which records count: each filled field must match, by any of its values; only active ones unless told otherwise.

    `paths` keeps memories anchored at a path, at a directory above it, at something below it, or by a matching glob.
    """

    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("active",)
    all: bool = False
