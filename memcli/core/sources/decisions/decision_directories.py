"""The reader of decision records: all records of a tree are one unit, since they supersede each other."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from memcli.core.sources.decisions.decision_links import linked_records
from memcli.core.sources.decisions.decision_records import DecisionRecord, date_texts, has_shape, read_record
from memcli.core.sources.decisions.decision_status import decision_status
from memcli.core.sources.decisions.record_places import (
    KEP_FILE,
    is_list_of_records,
    is_template_place,
    may_be_foreign_record,
    may_be_record,
)
from memcli.core.sources.decisions.record_templates import template_reason
from memcli.core.sources.decisions.record_text import RecordText, record_text
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import is_contents
from memcli.core.sources.source_paths import is_third_party
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.written_dates import is_day_first

_FIELDS_OF_KEP = "the fields of the README.md beside it, read with it"


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    enhancements = {posixpath.dirname(path) for path in tree.ordered if posixpath.basename(path) == KEP_FILE}
    paths = tuple(path for path in tree.ordered if path not in taken and _is_taken(tree, path, enhancements))
    if any(_is_record(tree, path) for path in paths):
        yield SourceUnit(
            posixpath.commonpath([posixpath.dirname(path) or "." for path in paths]) if paths else "", paths
        )


def _is_taken(tree: SourceTree, path: str, enhancements: Collection[str]) -> bool:
    if posixpath.dirname(path) in enhancements:
        return posixpath.basename(path) in (KEP_FILE, "README.md") and not is_third_party(path)
    if may_be_record(path):
        return True
    return may_be_foreign_record(path) and bool(tree.peek(path)) and has_shape(_record(tree, path))


def _is_record(tree: SourceTree, path: str) -> bool:
    """Whether a file is a record, so that its directory is one of records."""
    if _skip_by_place(path) or not tree.peek(path):
        return False
    record = _record(tree, path)
    return read_record(record, decision_status(record), tree.text(path)) is not None


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    records: list[DecisionRecord] = []
    skipped: list[Skipped] = []
    texts = {path: _record(tree, path) for path in unit.paths}
    day_first = is_day_first(text for record in texts.values() for text in date_texts(record))
    for path, record in texts.items():
        status = decision_status(record)
        reason = _skip_by_place(path) or template_reason(record, status)
        read = None if reason else read_record(record, status, tree.text(path), tree.paths, day_first)
        if read and not (is_contents(record.document.body) and not read.status.is_stated):
            records.append(read)
        else:
            skipped.append(
                Skipped(
                    path,
                    reason or ("an index of records" if read else "no number, status or section of a decision record"),
                )
            )
    memories, notices = linked_records(records)
    return Reading(extracts_of(memories), tuple(skipped), tuple(notices))


def _skip_by_place(path: str) -> str:
    if posixpath.basename(path) == KEP_FILE:
        return "a template" if is_template_place(path) else _FIELDS_OF_KEP
    if is_template_place(path):
        return "a template"
    return "an index of records" if is_list_of_records(path) else ""


def _record(tree: SourceTree, path: str) -> RecordText:
    """A record's text with the fields of the KEP file beside it."""
    beside = tree.peek(posixpath.join(posixpath.dirname(path), KEP_FILE)) if path.endswith("README.md") else ""
    front = parse_leniently(f"---\n{beside}\n---\n").front if beside else {}
    return record_text(path, tree.text(path), front)


READER = SourceReader("decisions", "decision records", _units, _read, version=4)
