"""The index's values: what its rows were made from, and the files they are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manifest:
    """What the rows of one ref were made from. Rows are a function of (tree, schema)."""

    ref: str
    tree: str
    commit: str
    schema: int


@dataclass(frozen=True)
class FileChange:
    """A memory's file at one path; `blob` None means that the file is gone."""

    path: str
    blob: str | None
    data: bytes
