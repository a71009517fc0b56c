"""Anchors: the code paths a memory is about, and how globs are matched.

A module of its own: a recall judges anchors and needs nothing else of a memory, whose many fields take longer to import
than anchors to judge.
"""

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


def has_wildcards(path: str) -> bool:
    """Whether a path is a glob, which stands for all paths that match it."""
    return any(wildcard in path for wildcard in "*?[")


def tidied(path: str) -> str:
    """A path without `./` at the beginning and `/` at the end, as anchors write it."""
    return re.sub(r"\A(?:\./+)+", "", path.replace("\\", "/")).rstrip("/")


def matches(glob: str, path: str) -> bool:
    """Whether a glob matches a path or a directory above it; `*` and `?` stay within a directory, `**/` is any number.

    A path with the very name of the glob always matches: some frameworks have files such as `app/[id]/page.tsx`.
    """
    whole = tidied(glob)
    return path == whole or path.startswith(f"{whole}/") or _pattern(whole).fullmatch(path) is not None


def matching(globs: Iterable[str], paths: Collection[str]) -> list[str]:
    """The globs that match at least one of the paths; each is compared only with paths that begin like it."""
    sorted_paths = sorted(paths)
    return [glob for glob in globs if any(matches(glob, path) for path in _beginning_like(tidied(glob), sorted_paths))]


def _beginning_like(glob: str, sorted_paths: list[str]) -> list[str]:
    start = re.split(r"[*?\[]", glob)[0]
    return sorted_paths[bisect_left(sorted_paths, start) : bisect_left(sorted_paths, f"{start}\U0010ffff")]


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", glob)
    regex = "".join(_wildcard(piece) if odd % 2 else re.escape(piece) for odd, piece in enumerate(pieces))
    return re.compile(f"{regex}(?:/.*)?", re.S)


def _wildcard(wildcard: str) -> str:
    """A wildcard as a regular expression; in `[abc]` and `[!abc]` ranges stay ranges, an invalid class is literal."""
    if wildcard[0] != "[":
        return {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}[wildcard]
    negated = wildcard[1] in "!^" and len(wildcard) > 3
    inner = re.sub(r"([\\\[&~|^]|(?<=-)-)", r"\\\1", wildcard[2 if negated else 1 : -1])
    regex = f"(?!/)[{'^' if negated else ''}{inner}]"
    try:
        re.compile(regex)
    except re.error:
        return re.escape(wildcard)
    return regex


def blob_id(data: bytes) -> str:
    """The id git gives a file of these bytes."""
    import hashlib  # loads OpenSSL, which most calls need not

    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
