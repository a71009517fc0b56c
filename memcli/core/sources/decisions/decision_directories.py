"""The reader of decision records: all records of a tree are one unit, since they supersede each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from memcli.core.sources.decisions.decision_links import linked_memories
from memcli.core.sources.decisions.decision_records import DecisionRecord, read_record
from memcli.core.sources.source_paths import is_decision, is_third_party
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_tree import SourceTree


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    paths = [path for path in tree.ordered if path not in taken and is_decision(path) and not is_third_party(path)]
    records = tuple(path for path in paths if read_record(tree.file(path), ()))
    if records:
        yield SourceUnit("decision records", records)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    records: list[DecisionRecord] = []
    skipped: list[Skipped] = []
    for path in unit.paths:
        record = read_record(tree.file(path), tree.paths)
        if record:
            records.append(record)
        else:
            skipped.append(Skipped(path, "not a decision record"))
    return Reading(extracts_of(linked_memories(records)), tuple(skipped))


READER = SourceReader("decisions", "decision records", _units, _read)
