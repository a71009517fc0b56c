"""Copies of memories that `mem export` wrote for other tools: Claude's notes, skills, notes of Obsidian.

What somebody has changed in a copy since is a change of its memory. Where that is not in the store, the copy is a
memory of its own, with the same id.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from memcli.core.exchange.export_registry import MANIFEST
from memcli.core.exchange.exported_copy import ExportedCopy, exported_copy, note_name, with_ids
from memcli.core.memory.defaults import kind_of_type
from memcli.core.memory.identity import date_of_id
from memcli.core.sources.passages import Filing, Passage, memory_of
from memcli.core.sources.source_reader import Extract, Reading, SourceReader, SourceUnit, directory_units
from memcli.core.sources.source_tree import SourceTree

_ID = re.compile(r"(?m)^(?:id|[ \t]+mem_id):[ \t]*[\"']?[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
_HEAD = 4096


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """One unit: links between copies are by the names of their files, wherever these are."""
    exports = tuple(path.removesuffix(MANIFEST) for path in tree.ordered if path.rpartition("/")[2] == MANIFEST)
    free = (path for path in tree.ordered if path not in taken and path.lower().endswith(".md"))
    likely = (path for path in free if tree.named or path.startswith(exports))
    paths = [path for path in likely if _is_copy(tree.peek(path))]
    return directory_units({"." if len(paths) > 1 else paths[0]: paths} if paths else {})


def _is_copy(text: str) -> bool:
    return text.startswith("---\n") and _ID.search(text[:_HEAD]) is not None and exported_copy(text) is not None


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    copies = {path: copy for path in unit.paths if (copy := exported_copy(tree.text(path)))}
    ids = {note_name(path): str(copy.id) for path, copy in copies.items()}
    return Reading(tuple(_extract(path, copy, ids) for path, copy in copies.items()))


def _extract(path: str, copy: ExportedCopy, ids: Mapping[str, str]) -> Extract:
    """What was changed in a copy, and the memory that it would be where its own is not in the store."""
    kind = kind_of_type(copy.type)
    filing = Filing(copy.name or note_name(path), copy.type, "general", kind=kind, evidence="inference")
    passage = Passage(path, with_ids(copy.text, ids).strip("\n"), date_of_id(copy.id))
    return Extract(replace(memory_of(passage, filing), id=copy.id), path, document=copy.document(ids))


READER = SourceReader("mem-copies", "copies that mem has exported", _units, _read)
