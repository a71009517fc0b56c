"""What tests of stores start from: files as a tree, read by one reader."""

from __future__ import annotations

from collections.abc import Mapping

from memcli.core.memory.memory import Memory
from memcli.core.sources.source_reader import Extract, Reading, SourceReader
from memcli.core.sources.source_reading import read_sources
from memcli.core.sources.source_tree import SourceTree


def read_store(reader: SourceReader, files: Mapping[str, str]) -> Reading:
    """What a reader made of the files that it took among all readers; it says of each of them what became of it."""
    tree = SourceTree(dict.fromkeys(files, ""), lambda path: files[path].encode())
    units = [reading for reading in read_sources(tree) if reading.reader is reader]
    for reading in units:
        told = {extract.path for extract in reading.reading.extracts}
        told |= {skipped.path for skipped in reading.reading.skipped}
        assert told == set(reading.unit.paths)
    return Reading(
        tuple(extract for reading in units for extract in reading.reading.extracts),
        tuple(skipped for reading in units for skipped in reading.reading.skipped),
    )


def told_paths(files: Mapping[str, str]) -> set[str]:
    """The files of which some reader says what became of them."""
    tree = SourceTree(dict.fromkeys(files, ""), lambda path: files[path].encode())
    readings = [reading.reading for reading in read_sources(tree)]
    extracted = {extract.path for reading in readings for extract in reading.extracts}
    return extracted | {skipped.path for reading in readings for skipped in reading.skipped}


def by_ref(reading: Reading) -> dict[str, Memory]:
    """{ref: memory}."""
    return {extract.memory.source.ref or "": extract.memory for extract in reading.extracts}


def only(reading: Reading) -> Extract:
    """The only extract."""
    [extract] = reading.extracts
    return extract
