"""Guides for those who work on a repository: CONTRIBUTING, HACKING, RELEASING, ARCHITECTURE, runbooks, glossaries."""

from __future__ import annotations

import re

from memcli.core.sources.documents.audience import speaks_to_maintainers
from memcli.core.sources.documents.document_passages import document_extracts
from memcli.core.sources.documents.guide_names import is_certain_guide, is_guide
from memcli.core.sources.documents.translations import original_of
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, one_file_units
from memcli.core.sources.source_tree import SourceTree

USERS = "it does not speak of working on the repository; --docs reads it"


def _is_for_maintainers(tree: SourceTree, path: str) -> bool:
    text = tree.text(path)
    tells_why = re.search(r"(?i)design (?:decisions?|rationale)|decisions? we", text[:400]) is not None
    return tells_why or speaks_to_maintainers(text, tree.paths)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    path = unit.root
    if original := original_of(path, tree.paths):
        return Reading(skipped=(Skipped(path, f"a translation of {original}"),))
    if not is_certain_guide(path) and not _is_for_maintainers(tree, path):
        return Reading(skipped=(Skipped(path, USERS),))
    extracts = tuple(document_extracts(tree.file(path), tree.paths))
    return Reading(extracts, () if extracts else (Skipped(path, "it has no text"),))


READER = SourceReader("guides", "maintainers' guides", one_file_units(is_guide), _read)
