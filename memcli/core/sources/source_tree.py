"""The files that readers may look at: those of a commit, of a directory, of an archive or of stdin.

Invariant: excluded paths and what is not a regular file are not in a tree, so no reader can meet them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from memcli.core.sources.passages import MAX_TEXT, SourceFile, readable_text

DATA_SUFFIXES = (".json", ".jsonl", ".ndjson")
MOST_DATA = 64 << 20
"""Bytes of a file of data."""
MOST_KEPT, KEPT = 200, 4 << 20
"""Texts that are kept, and their characters: a text is asked for a few times in a row."""


class UnreadableSource(Exception):
    """A file that is not text, or is too large; its message is the reason."""


@dataclass(frozen=True)
class SourceTree:
    """`blobs`: path → id of its content, empty where it is not known; `load`: the bytes at a path, raising
    UnreadableSource; `clean`: takes private blocks and packs out of a text; `named`: the files that a person named, by
    themselves or with their directory: where there are any, only these are read; `elsewhere`: paths of the code that
    are not in the tree, which anchors may point to."""

    blobs: Mapping[str, str]
    load: Callable[[str], bytes]
    clean: Callable[[str], str] = str
    named: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    _texts: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def paths(self) -> frozenset[str]:
        """All paths: what an anchor may point to."""
        return frozenset(self.blobs) | self.elsewhere

    @cached_property
    def places(self) -> frozenset[str]:
        """All paths, and the directories above them."""
        parents = (path.rsplit("/", count)[0] for path in self.paths for count in range(1, path.count("/") + 1))
        return self.paths | frozenset(parents)

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        """All paths in order."""
        return tuple(sorted(self.blobs))

    def text(self, path: str) -> str:
        """The text of a file with LF lines and no BOM. Raises UnreadableSource."""
        if path not in self._texts:
            if len(self._texts) >= MOST_KEPT or sum(map(len, self._texts.values())) > KEPT:
                self._texts.clear()
            self._texts[path] = self.clean(_decoded(self.load(path), most_bytes(path)))
        return self._texts[path]

    def file(self, path: str) -> SourceFile:
        """A file as readers take it. Raises UnreadableSource."""
        return SourceFile(path, self.text(path), None)

    def peek(self, path: str) -> str:
        """The text of a file, empty where it cannot be read: for telling what a directory is."""
        try:
            return self.text(path) if path in self.blobs else ""
        except UnreadableSource:
            return ""


def most_bytes(path: str) -> int:
    """How large a file may be: one with all memories of a store is larger than any that somebody wrote."""
    return MOST_DATA if path.lower().endswith(DATA_SUFFIXES) else MAX_TEXT


def _decoded(data: bytes, most: int) -> str:
    if len(data) > most:
        raise UnreadableSource(f"larger than {most >> 20} MiB")
    if b"\0" in data[:8192]:
        raise UnreadableSource("not text")
    try:
        return readable_text(data.decode("utf-8"))
    except UnicodeDecodeError:
        return readable_text(data.decode("latin-1"))
