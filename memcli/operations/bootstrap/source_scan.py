"""Reading sources as a request says: the units that its readers take, and what it names.

Invariant: a file that was named is in an extract of a reading, or in a line that says why not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from memcli.core.sources import plain_note
from memcli.core.sources.documents import pages
from memcli.core.sources.extraction import HISTORY
from memcli.core.sources.source_reader import Skipped, SourceReader, SourceUnit
from memcli.core.sources.source_reading import Kept, SourceReading, read_unit, source_units
from memcli.core.sources.source_registry import OPTIONS, READERS
from memcli.core.sources.source_tree import SourceTree
from memcli.operations.bootstrap.bootstrapped import BootstrapRequest, NamedPath, Watch
from memcli.operations.bootstrap.named_files import NamedFiles

SOURCE_NAMES = (*(reader.name for reader in READERS), HISTORY.name)
"""What `--source` may name."""


@dataclass(frozen=True)
class SourceScan:
    """Reads trees; `kept` gives what an earlier run made of a unit, `watch` is told of every unit."""

    request: BootstrapRequest
    kept: Kept
    watch: Watch

    @property
    def readers(self) -> Collection[SourceReader]:
        """The readers that the request wants."""
        wanted = self.request.sources
        return tuple(reader for reader in READERS if not wanted or reader.name in wanted)

    @property
    def reads_history(self) -> bool:
        """Whether commits are wanted."""
        return not self.request.sources or HISTORY.name in self.request.sources

    def tree(self, tree: SourceTree) -> list[SourceReading]:
        """The readings of a tree; of named files by all readers, whatever the options."""
        asked = {reader.option for reader in self.readers} if self.request.sources else set(self.request.options)
        units = list(source_units(tree, OPTIONS if tree.named else asked, self.readers))
        readings: list[SourceReading] = []
        for done, (reader, unit) in enumerate(units):
            self.watch(f"reading {reader.title}", done, len(units))
            readings.append(read_unit(tree, reader, unit, self.kept))
        return readings

    def other_documents(self, tree: SourceTree, readings: Sequence[SourceReading]) -> int:
        """How many documents of a tree that was read only `--docs` would read."""
        if self.request.sources or pages.READER.option in self.request.options:
            return 0
        taken = {path for reading in readings for path in reading.unit.paths}
        return sum(1 for _ in pages.READER.units(tree, taken))

    def named(self, place: NamedFiles, tree: SourceTree) -> tuple[NamedPath, list[SourceReading]]:
        """The readings of the files at a path that was named, and what became of it."""
        readings = self.tree(tree)
        if not place.is_directory and _is_unclaimed(tree, readings):
            readings = []
        taken = {path for reading in readings for path in reading.unit.paths}
        notes = [path for path in tree.named if path not in taken and not self.request.sources]
        units = (SourceUnit(path, (path,)) for path in notes)
        readings += [read_unit(tree, plain_note.READER, unit, self.kept) for unit in units]
        not_read = _not_read(tree, readings)
        unread = {skip.path for skip in not_read}  # an archive may have a second file of a name that was read
        skipped = (*place.unreadable, *_excluded(place, tree), *not_read)
        return NamedPath(place.argument, sum(path not in unread for path in tree.named), skipped), readings


def _is_unclaimed(tree: SourceTree, readings: Sequence[SourceReading]) -> bool:
    """Whether no reader made anything of the files, and none of those that are always read took one."""
    made = any(reading.reading.extracts or not reading.reader.option for reading in readings)
    return not made and all(len(tree.peek(path)) <= plain_note.MOST_CHARACTERS for path in tree.named)


def _excluded(place: NamedFiles, tree: SourceTree) -> list[Skipped]:
    return [Skipped(name, "excluded, see 'mem exclude list'") for name in place.files if name not in tree.named]


def _not_read(tree: SourceTree, readings: Sequence[SourceReading]) -> list[Skipped]:
    """The named files that were skipped, and those that no reader takes."""
    skipped = [skip for reading in readings for skip in reading.reading.skipped if not skip.line]
    taken = {path for reading in readings for path in reading.unit.paths}
    return [*skipped, *(Skipped(path, "none of these sources") for path in tree.named if path not in taken)]
