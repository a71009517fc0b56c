"""Memory banks of Cline, Roo, Kilo and Cursor: a directory of markdown about the project, read by section.

Invariant: what only says how far the work is (activeContext, progress, tasks, plans) is an entry about a day and
never a fact; every file of a bank is read, or skipped with a reason.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import word_list
from memcli.core.sources.source_paths import is_markdown, is_third_party
from memcli.core.sources.source_reader import (
    Extract,
    Reading,
    Skipped,
    SourceReader,
    SourceUnit,
    directory_units,
)
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.decision_logs import whole_decisions
from memcli.core.sources.stores.progress_notes import is_plan, is_progress_file, is_progress_heading
from memcli.core.sources.stores.store_sections import (
    SectionFiling,
    StoreSection,
    is_link_list,
    joined_readings,
    section_extract,
    section_type,
    sections_of_day,
    sections_reading,
    store_sections,
)

_BANKS = word_list("memorybank clinedocs")
_CORE = word_list("projectbrief productcontext systempatterns techcontext activecontext progress")
_CODE = word_list(".ts .tsx .js .jsx .mjs .py .go .rs .java .kt .cs .cpp .c .h .rb .php .swift")
_ABOUT_BANK = (
    r"(?i)\b(?:memory bank|cross-references?|update rules|(?:document|change|update) history|"
    r"summary of (?:major )?changes|documentation updates(?: needed)?|contact(?:s| & support| information)?$|"
    r"related (?:docs|documents|documentation|files))\b"
)
_ABOUT = "about the memory bank, not the project"
_TOPICS = {"projectbrief": "project", "brief": "project", "productcontext": "product", "product": "product",
           "systempatterns": "architecture", "architecture": "architecture", "techcontext": "technology",
           "tech": "technology", "activecontext": "journal", "progress": "journal", "context": "journal",
           "decisionlog": "decisions"}  # fmt: skip


def _bank_of(path: str, roots: Collection[str]) -> str | None:
    """The bank that a file belongs to: the outermost directory that is named like one, else its own directory where it
    has core files; in the root of a repository only these belong to the bank."""
    directory = posixpath.dirname(path) or "."
    named = _named_bank(directory)
    if named is not None or directory not in roots or not is_markdown(path):
        return named
    return directory if directory != "." or _plain(PurePosixPath(path).stem) in _CORE else None


@functools.lru_cache(maxsize=4096)
def _named_bank(directory: str) -> str | None:
    """The outermost directory of a path that is named like a bank."""
    parts = directory.split("/")
    at = next((n for n, part in enumerate(parts) if _plain(part) in _BANKS), None)
    return None if at is None else "/".join(parts[: at + 1])


def _core_roots(paths: Collection[str]) -> frozenset[str]:
    """The directories with three of the core files."""
    core = (PurePosixPath(path) for path in paths if is_markdown(path))
    counts = Counter(str(path.parent) for path in core if _plain(path.stem) in _CORE)
    return frozenset(root for root, count in counts.items() if count > 2)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    return joined_readings(_file_reading(tree, path, unit.root) for path in unit.paths)


def _file_reading(tree: SourceTree, path: str, root: str) -> Reading:
    if not is_markdown(path):
        return Reading(skipped=(Skipped(path, "not markdown"),))
    if PurePosixPath(path).stem.lower() == "readme":
        return Reading(skipped=(Skipped(path, _ABOUT),))
    sections = tuple(store_sections(tree.file(path)))
    title = sections[0].headings[0] if sections else ""
    inside = path if root == "." else path[len(root) + 1 :]
    diary = (is_progress_file(inside) and inside != _workflows(root)) or is_plan(title)

    def extract(section: StoreSection) -> Extract | str:
        if _is_about_bank(section):
            return _ABOUT
        if is_link_list(section.part.text):
            return "a list of links"
        return section_extract(section, _filing(section, diary), tree.paths)

    dated = sections_of_day(sections) if diary else sections
    return sections_reading(whole_decisions(dated), extract, path)


def _is_about_bank(section: StoreSection) -> bool:
    """Whether its heading, or each of the headings within it, is about the bank."""
    inner = re.findall(r"(?m)^#{1,6} +(\S[^\n]*)", section.visible)
    headings = [section.heading] if section.part.title or not inner else inner
    return all(re.search(_ABOUT_BANK, heading) for heading in headings)


def _workflows(root: str) -> str:
    """The file of a bank of Kilo in which it keeps how to do what recurs."""
    return "tasks.md" if root.startswith(".kilocode/") else ""


def _filing(section: StoreSection, diary: bool) -> SectionFiling:
    file = PurePosixPath(section.file.path)
    stem = file.stem
    topic = _TOPICS.get(_plain(stem)) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", stem)
    if diary or any(map(is_progress_heading, section.headings[1:])):
        return SectionFiling("event", "journal" if diary else topic, diary=True)
    if re.search(r"(?i)decision", stem):
        return SectionFiling("decision", topic)
    recurs = file.name == _workflows(str(file))
    return SectionFiling("procedure" if recurs else section_type(section.heading, section.part.text), topic)


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    roots = _core_roots(tree.blobs)
    banks: dict[str, list[str]] = {}
    for path in tree.ordered:
        root = _bank_of(path, roots)
        if root is not None and path not in taken and not is_third_party(path):
            banks.setdefault(root, []).append(path)
    return directory_units({root: paths for root, paths in banks.items() if _is_prose(paths)})


def _is_prose(paths: Collection[str]) -> bool:
    """Whether most of the files are no code: a bank, and not the source of a tool for banks."""
    return sum(PurePosixPath(path).suffix in _CODE for path in paths) * 2 < len(paths)


READER = SourceReader("memory-bank", "memory banks", _units, _read)
