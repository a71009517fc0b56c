"""Guides for those who work on a repository: CONTRIBUTING, HACKING, RELEASING, ARCHITECTURE, runbooks, glossaries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from memcli.core.sources.documents.audience import speaks_to_maintainers
from memcli.core.sources.documents.document_passages import document_extracts
from memcli.core.sources.documents.guide_names import is_certain_guide, is_guide
from memcli.core.sources.documents.translations import original_of
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, one_file_units
from memcli.core.sources.source_tree import SourceTree


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """The guides; a file whose name may be that of a chapter for users only where its text speaks to maintainers."""
    return one_file_units(lambda path: is_guide(path) and _is_for_maintainers(tree, path))(tree, taken)


def _is_for_maintainers(tree: SourceTree, path: str) -> bool:
    text = "" if is_certain_guide(path) else tree.peek(path)
    tells_why = re.search(r"(?i)design (?:decisions?|rationale)|decisions? we", text[:400]) is not None
    return is_certain_guide(path) or tells_why or speaks_to_maintainers(text, tree.paths)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    path = unit.root
    if original := original_of(path, tree.paths):
        return Reading(skipped=(Skipped(path, f"a translation of {original}"),))
    extracts = tuple(document_extracts(tree.file(path), tree.paths))
    return Reading(extracts, () if extracts else (Skipped(path, "it has no text"),))


READER = SourceReader("guides", "maintainers' guides", _units, _read)
