"""Reading a tree with the registered readers: each file goes to the first reader that takes it.

Invariant: a pure function of the tree's texts; the same files in any order give the same readings in one order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit
from memcli.core.sources.source_registry import READERS
from memcli.core.sources.source_tree import SourceTree, UnreadableSource


@dataclass(frozen=True)
class SourceReading:
    """What one reader made of one unit."""

    reader: SourceReader
    unit: SourceUnit
    reading: Reading


Kept = Callable[[SourceTree, SourceReader, SourceUnit, Callable[[], Reading]], Reading]
"""The reading of a unit: what an earlier run made of the same contents, else what the call makes of them now."""


def not_kept(_tree: SourceTree, _reader: SourceReader, _unit: SourceUnit, read: Callable[[], Reading]) -> Reading:
    """The reading of a unit where nothing is kept of earlier runs."""
    return read()


def read_sources(
    tree: SourceTree,
    options: Collection[str] = (),
    kept: Kept = not_kept,
    readers: Collection[SourceReader] = READERS,
) -> Iterator[SourceReading]:
    """The readings of all units of the readers that are always read or asked for by `options`; where files are named,
    of the units that hold any of them, with what is about these."""
    for reader, unit in source_units(tree, options, readers):
        yield read_unit(tree, reader, unit, kept)


def source_units(
    tree: SourceTree, options: Collection[str] = (), readers: Collection[SourceReader] = READERS
) -> Iterator[tuple[SourceReader, SourceUnit]]:
    """The units to read, each with its reader: each file goes to the first of all readers that takes it."""
    taken: set[str] = set()
    named = frozenset(tree.named)
    for reader in READERS:
        if reader.option in ("", *options):
            for unit in reader.units(tree, taken):
                taken.update(unit.paths)
                if reader in readers and not (named and named.isdisjoint(unit.paths)):
                    yield reader, unit


def read_unit(tree: SourceTree, reader: SourceReader, unit: SourceUnit, kept: Kept = not_kept) -> SourceReading:
    """The reading of one unit; of a unit that holds named files, what is about these."""
    reading = kept(tree, reader, unit, lambda: _read(reader, tree, unit))
    if not tree.named:
        return SourceReading(reader, unit, reading)
    named = frozenset(tree.named)
    paths = tuple(path for path in unit.paths if path in named)
    return SourceReading(reader, SourceUnit(unit.root, paths), _about(reading, named))


def _about(reading: Reading, paths: Collection[str]) -> Reading:
    return Reading(
        tuple(extract for extract in reading.extracts if extract.path in paths),
        tuple(skipped for skipped in reading.skipped if skipped.path in paths),
        tuple(notice for notice in reading.notices if notice.path in paths),
    )


def _read(reader: SourceReader, tree: SourceTree, unit: SourceUnit) -> Reading:
    """The reading of a unit without the files that cannot be read."""
    unreadable = dict(_unreadable(tree, unit))
    paths = tuple(path for path in unit.paths if path not in unreadable)
    reading = reader.read(tree, SourceUnit(unit.root, paths)) if paths else Reading()
    skipped = tuple(Skipped(path, reason) for path, reason in unreadable.items())
    return Reading(reading.extracts, (*skipped, *reading.skipped), reading.notices)


def _unreadable(tree: SourceTree, unit: SourceUnit) -> Iterator[tuple[str, str]]:
    for path in unit.paths:
        try:
            tree.text(path)
        except UnreadableSource as problem:
            yield path, str(problem)
