"""Anchors: the code paths a memory is about, and the one reading of globs.

A module of its own: a recall judges anchors and needs nothing else of a memory, whose many fields take longer to import
than anchors to judge."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable
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
    return re.sub(r"\A(?:\./+)+", "", path.replace("\\", "/")).rstrip("/")


def matches(glob: str, path: str) -> bool:
    """Does a glob match a path, or a directory above it? `*` and `?` stay within a directory, `**/` is any number.

    A path of that very name is always meant: `app/[id]/page.tsx` is what some frameworks call a file.
    """
    whole = tidied(glob)
    return path == whole or path.startswith(f"{whole}/") or _pattern(whole).fullmatch(path) is not None


def matching(globs: Iterable[str], paths: Collection[str]) -> list[str]:
    """The globs that match at least one of the paths; only paths that begin as a glob does are held against it."""
    ordered = sorted(paths)
    return [glob for glob in globs if any(matches(glob, path) for path in _beginning(tidied(glob), ordered))]


def _beginning(glob: str, ordered: list[str]) -> list[str]:
    start = re.split(r"[*?\[]", glob)[0]
    return ordered[bisect_left(ordered, start) : bisect_left(ordered, f"{start}\U0010ffff")]


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", glob)
    written = "".join(_sign(piece) if odd % 2 else re.escape(piece) for odd, piece in enumerate(pieces))
    return re.compile(f"{written}(?:/.*)?", re.S)


def _sign(sign: str) -> str:
    """A sign of globs as a regular expression: of `[abc]` and `[!abc]`, ranges stay ranges; what is none is literal."""
    if sign[0] != "[":
        return {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}[sign]
    negated = sign[1] in "!^" and len(sign) > 3
    inner = re.sub(r"([\\\[&~|^]|(?<=-)-)", r"\\\1", sign[2 if negated else 1 : -1])
    written = f"(?!/)[{'^' if negated else ''}{inner}]"
    try:
        re.compile(written)
    except re.error:
        return re.escape(sign)
    return written


def blob_id(data: bytes) -> str:
    """The id git gives a file of these bytes."""
    import hashlib  # loads OpenSSL, which most calls need not

    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
