"""Anchors: the code paths a memory is about, and the one reading of globs.

A module of its own: a recall judges anchors and needs nothing else of a memory, whose many fields take longer to import
than anchors to judge."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class Anchor(NamedTuple):
    """A code path a memory is about, with the blob id (8 to 40 hex) seen at writing."""

    path: str
    blob: str | None = None

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """`path` or `path@<8 to 40 hex>`, split at the last `@`."""
        path, at, blob = text.rpartition("@")
        return cls(path, blob) if at and re.fullmatch(r"[0-9a-f]{8,40}", blob) else cls(text)

    def __str__(self) -> str:
        return f"{self.path}@{self.blob}" if self.blob else self.path


def is_glob(path: str) -> bool:
    """Whether a path stands for all that match it."""
    return any(sign in path for sign in "*?[")


def tidied(path: str) -> str:
    """A path as anchors write it: no `./`, no `/` at the end."""
    return path.replace("\\", "/").removeprefix("./").rstrip("/")


def matches(glob: str, path: str) -> bool:
    """Does a glob match a path, or a directory above it? `*` and `?` stay within a directory, `**/` is any number."""
    return _pattern(tidied(glob)).fullmatch(path) is not None


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", glob)
    written = "".join(
        signs.get(piece)
        or (_class(piece) if len(piece) > 2 and piece[0] == "[" and piece[-1] == "]" else re.escape(piece))
        for piece in pieces
    )
    try:
        return re.compile(f"{written}(?:/.*)?", re.S)
    except re.error:  # `[z-a]` is no class of anything
        return re.compile(re.escape(glob) + "(?:/.*)?", re.S)


def _class(piece: str) -> str:
    """`[abc]` and `[!abc]` as a regular expression; ranges stay ranges."""
    inner = piece[1:-1].replace("\\", r"\\").replace("[", r"\[")
    return f"[^{inner[1:]}]" if inner[:1] in "!^" and inner[1:] else f"[{inner}]"


def blob_id(data: bytes) -> str:
    """The id git gives a file of these bytes."""
    import hashlib  # loads OpenSSL, which most calls need not

    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
