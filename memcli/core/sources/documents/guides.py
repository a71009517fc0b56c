"""Guides for those who work on a repository: CONTRIBUTING, HACKING, RELEASING, ARCHITECTURE, runbooks, glossaries."""

from __future__ import annotations

from memcli.core.sources.documents.audience import speaks_to_maintainers
from memcli.core.sources.documents.document_passages import document_extracts
from memcli.core.sources.documents.guide_names import is_certain_guide, is_guide
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, one_file_units
from memcli.core.sources.source_tree import SourceTree

USERS = "it does not speak of working on the repository; --docs reads it"


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    path = unit.root
    if not is_certain_guide(path) and not speaks_to_maintainers(tree.text(path), tree.paths):
        return Reading(skipped=(Skipped(path, USERS),))
    extracts = tuple(document_extracts(tree.file(path), tree.paths))
    return Reading(extracts, () if extracts else (Skipped(path, "it has no text"),))


READER = SourceReader("guides", "maintainers' guides", one_file_units(is_guide), _read)
