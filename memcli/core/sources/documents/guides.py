"""Guides for those who work on a repository: CONTRIBUTING, HACKING, RELEASING, ARCHITECTURE, runbooks, glossaries,
READMEs of tests and scripts, the template of pull requests, and what the README says about its own state."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from memcli.core.sources.documents.audience import is_about_files, speaks_to_maintainers
from memcli.core.sources.documents.document_passages import document_extracts
from memcli.core.sources.documents.guide_names import is_any_page, is_certain_guide, is_guide
from memcli.core.sources.documents.project_state import project_state, states_of
from memcli.core.sources.documents.request_template import is_request_template, request_rules
from memcli.core.sources.documents.translations import original_of
from memcli.core.sources.source_reader import Extract, Reading, Skipped, SourceReader, SourceUnit, one_file_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.text.instruction_files import README_NAMES

_SCOPE = re.compile(
    r"(?i)\b(?:not|n't) (?:be )?(?:consider|treat|regard|view)(?:ed)?\b|\b(?:out of|in) scope\b|"
    r"\bnot (?:a )?(?:security )?vulnerabilit|\bthreat model|\bby design\b|\bnot (?:a )?security (?:bug|issue)"
)
"""What a security policy says about what the code promises."""


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """The guides; a file whose name may be that of a chapter for users only where its text speaks to maintainers."""
    return one_file_units(lambda path: _is_read(tree, path))(tree, taken)


def _is_read(tree: SourceTree, path: str) -> bool:
    if _is_only_state(tree, path):
        return bool(states_of(tree.peek(path)))
    if is_request_template(path) or is_certain_guide(path):
        return True
    if is_guide(path):
        return _is_for_maintainers(path, tree)
    return is_any_page(path) and is_about_files(tree.peek(path), tree.paths)


def _is_only_state(tree: SourceTree, path: str) -> bool:
    """Whether a file is the README, which agents read anyway, but for what must not be overlooked in it."""
    return path in README_NAMES and path not in tree.named


def _is_for_maintainers(path: str, tree: SourceTree) -> bool:
    text = tree.peek(path)
    tells_why = re.search(r"(?i)design (?:decisions?|rationale)|decisions? we", text[:400]) is not None
    states_scope = "security" in path.lower() and _SCOPE.search(text) is not None
    return tells_why or states_scope or speaks_to_maintainers(text, tree.paths)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    path = unit.root
    if original := original_of(path, tree.paths):
        return Reading(skipped=(Skipped(path, f"a translation of {original}"),))
    extracts = tuple(_extracts(tree, path))
    reason = "it only asks for a description" if is_request_template(path) else "it has no text"
    return Reading(extracts, () if extracts else (Skipped(path, reason),))


def _extracts(tree: SourceTree, path: str) -> Iterator[Extract]:
    file = tree.file(path)
    if _is_only_state(tree, path):
        return project_state(file)
    return request_rules(file) if is_request_template(path) else document_extracts(file, tree.paths)


READER = SourceReader("guides", "maintainers' guides", _units, _read)
