"""What earlier runs of `mem bootstrap` have read: the file `.git/mem/bootstrap`, so that only changed files are read.

A line for each unit: its key, the blobs of its files, its reading. The key says which reader of which version of mem
has read which contents at which paths. The file is derived: it may be missing, and lines that cannot be read are
ignored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from memcli import __version__
from memcli.core.memory.anchors import blob_id, has_wildcards
from memcli.core.sources.reading_text import parse_reading, reading_text
from memcli.core.sources.source_reader import Extract, Reading, SourceReader, SourceUnit
from memcli.core.sources.source_tree import SourceTree, UnreadableSource
from memcli.system import durable_files
from memcli.system.file_modes import make_directory

FILE = "bootstrap"
MOST_BYTES = 32 << 20
"""Of all lines; the oldest that were not used go first."""


class ReadingCache:
    """The readings of earlier runs and of this one; `unchanged` counts, by reader, the files that had been read."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._old = dict(_lines(Path(directory, FILE)))
        self._seen = {entry for _, line in self._old.items() for entry in _entries(line)}
        self._used: dict[str, str] = {}
        self.unchanged: dict[str, int] = {}

    def reading(self, tree: SourceTree, reader: SourceReader, unit: SourceUnit, read: Callable[[], Reading]) -> Reading:
        """The reading of a unit: the kept one, else what `read` makes of it, which is kept."""
        blobs = _blobs(tree, unit)
        if blobs is None:
            return read()
        same = sum((reader.name, path, blob) in self._seen for path, blob in blobs.items())
        self.unchanged[reader.name] = self.unchanged.get(reader.name, 0) + same
        key = _key(reader, blobs)
        kept = _kept(self._old.get(key, ""))
        if kept is not None:
            self._used[key] = self._old[key]
            return _in_tree(kept, tree)
        reading = read()
        if text := reading_text(reading):
            self._used[key] = "\t".join((json.dumps({"reader": reader.name, "blobs": blobs}), text))
        return reading

    def save(self) -> None:
        """Keep what was used, and of the rest what there is room for; where that is impossible, the old file stays."""
        lines = {**self._used, **{key: line for key, line in self._old.items() if key not in self._used}}
        if lines.keys() == self._old.keys():
            return
        kept, size = list[str](), 0
        for key, line in lines.items():
            size += len(key) + len(line) + 2
            if size <= MOST_BYTES:
                kept.append(f"{key}\t{line}\n")
        with suppress(OSError):
            make_directory(self._directory)
            durable_files.replace(str(Path(self._directory, FILE)), "".join(kept).encode())


def _lines(file: Path) -> list[tuple[str, str]]:
    """(key, the rest) of each line; none where the file cannot be read."""
    try:
        if file.stat().st_size > 2 * MOST_BYTES:
            return []
        text = file.read_bytes().decode("ascii")
    except (OSError, ValueError):
        return []
    return [(key, rest) for line in text.split("\n") for key, tab, rest in [line.partition("\t")] if tab]


def _entries(line: str) -> list[tuple[str, str, str]]:
    """(reader, path, blob) of the files of a line."""
    try:
        fields = json.loads(line.partition("\t")[0])
        return [(str(fields["reader"]), str(path), str(blob)) for path, blob in fields["blobs"].items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _kept(line: str) -> Reading | None:
    try:
        return parse_reading(line.partition("\t")[2])
    except ValueError:
        return None


def _blobs(tree: SourceTree, unit: SourceUnit) -> dict[str, str] | None:
    """The contents of a unit's files by path; None where one cannot be read."""
    try:
        return {path: tree.blobs[path] or blob_id(tree.load(path)) for path in unit.paths}
    except UnreadableSource:
        return None


def _key(reader: SourceReader, blobs: dict[str, str]) -> str:
    parts = json.dumps([__version__, reader.name, reader.version, sorted(blobs.items())])
    return hashlib.sha256(parts.encode()).hexdigest()


def _in_tree(reading: Reading, tree: SourceTree) -> Reading:
    """A reading without anchors at paths that are gone since: those of an earlier tree."""
    return replace(reading, extracts=tuple(_anchored(extract, tree) for extract in reading.extracts))


def _anchored(extract: Extract, tree: SourceTree) -> Extract:
    memory = extract.memory
    paths = tuple(anchor for anchor in memory.paths if has_wildcards(anchor.path) or anchor.path in tree.places)
    return extract if paths == memory.paths else replace(extract, memory=replace(memory, paths=paths))
