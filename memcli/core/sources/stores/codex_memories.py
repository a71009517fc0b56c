"""Codex's memories (`~/.codex/memories`): the handbook MEMORY.md by task group, the summary, notes and rollouts.

Invariant: what only points to rollouts makes no memory; a section keeps the line that says which directory its group
applies to, since Codex keeps the memories of all projects in one place.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import first_sentence, rule_type, short_title
from memcli.core.sources.passages import SourceFile
from memcli.core.sources.sections import Part, outline
from memcli.core.sources.source_paths import is_markdown, is_third_party
from memcli.core.sources.source_reader import Extract, Reading, Skipped, SourceReader, SourceUnit, directory_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.store_notes import NoteFiling, note_reading
from memcli.core.sources.stores.store_sections import (
    SectionFiling,
    StoreSection,
    entry_day,
    joined_readings,
    section_extract,
    section_type,
    sections_reading,
    store_sections,
)

_HANDBOOK, _SUMMARY, _RAW, _ROLLOUTS = "MEMORY.md", "memory_summary.md", "raw_memories.md", "rollout_summaries"
_GROUP = re.compile(r"(?m)^# (?=\S)|^---\n(?=rollout_summary_files?:)")
_TASK_GROUP = re.compile(r"(?m)^# Task Group: \S|^rollout_summary_files?:")
_APPLIES = re.compile(r"(?m)^applies_to: [^\n]+")
_POINTERS = re.compile(
    r"(?m)^(?:### (?:rollout_summary_files|keywords|references?)[ \t]*|rollout_summary_files:[ \t]*)\n"
    r"(?:(?!#|- (?:Symptom|When))[^\n]*(?:\n|\Z))*"
)
_PREFERENCES = r"(?i)\bpreferences?\b|\buser profile\b"


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    return joined_readings(_file_reading(tree, path, unit) for path in unit.paths)


def _file_reading(tree: SourceTree, path: str, unit: SourceUnit) -> Reading:
    name, parents = PurePosixPath(path).name, PurePosixPath(path).parts[:-1]
    if not is_markdown(path):
        return Reading(skipped=(Skipped(path, "not markdown"),))
    if name == _RAW and f"{unit.root}/{_HANDBOOK}".removeprefix("./") in unit.paths:
        return Reading(skipped=(Skipped(path, f"working notes; {_HANDBOOK} has what they came to"),))
    if "extensions" in parents and name == "instructions.md":
        return Reading(skipped=(Skipped(path, "instructions for Codex itself"),))
    if name.lower() == "readme.md":
        return Reading(skipped=(Skipped(path, "about the memories, not the project"),))
    file = tree.file(path)
    if name == _HANDBOOK:
        return sections_reading(_handbook(file), lambda section: _handbook_extract(section, tree.paths), path)
    if name == _RAW or _ROLLOUTS in parents:
        return note_reading(file, _rollout(file), tree.paths)
    if "notes" in parents:
        return note_reading(file, _note(file), tree.paths)
    return sections_reading(store_sections(file), lambda section: _section_extract(section, tree.paths), path)


def _handbook(file: SourceFile) -> Iterator[StoreSection]:
    """The sections of the task groups of a handbook, each group's headings first."""
    starts = [match.start() for match in _GROUP.finditer(file.text)]
    for start, end in zip([0, *starts], [*starts, len(file.text)], strict=True):
        group = SourceFile(file.path, file.text[start:end], None)
        line = file.text.count("\n", 0, start)
        document = parse_leniently(group.text)
        shape = outline(document.body, document.line + line)
        title = re.sub(r"(?i)^task group:\s*", "", shape.title or document.get("description"))
        applies = _APPLIES.search(group.text)
        for part in shape.parts:
            yield StoreSection(
                replace(group, text=applies[0] if applies else ""),
                _without_pointers(part),
                (title, *part.trail, part.title),
                entry_day((title,), ""),
            )


def _without_pointers(part: Part) -> Part:
    """A part without the lists of rollouts and keywords, and without the lines about its group."""
    text = re.sub(r"(?m)^(?:scope|applies_to): [^\n]*\n?", "", _POINTERS.sub("", part.text))
    return replace(part, text=text.strip("\n"))


def _handbook_extract(section: StoreSection, known_paths: Collection[str]) -> Extract:
    group, lead = section.headings[0], section.file.text
    type_ = _type(section)
    extract = section_extract(section, SectionFiling(type_, group or "general", lead=lead), known_paths)
    heading = re.sub(r"(?i)^task \d+:\s*", "", section.heading)
    title = short_title(f"{heading}: {group}" if group and heading != group else heading)
    return replace(extract, memory=replace(extract.memory, title=title)) if title else extract


def _type(section: StoreSection) -> str:
    if re.search(_PREFERENCES, section.heading):
        return "preference"
    known = re.search(r"(?i)knowledge|failures|learnings|profile", section.heading)
    return "fact" if known else section_type(section.heading, section.part.text)


def _section_extract(section: StoreSection, known_paths: Collection[str]) -> Extract | str:
    """A section of the summary, or of a file of the user's own."""
    if any(heading.lower().startswith("what's in memory") for heading in section.headings):
        return f"an index of {_HANDBOOK}"
    topic = "general" if section.file.path.endswith(_SUMMARY) else PurePosixPath(section.file.path).stem
    return section_extract(section, SectionFiling(_type(section), topic), known_paths)


def _rollout(file: SourceFile) -> NoteFiling:
    """How the summary of a session is filed: as an event of the day on which it was written."""
    shape = outline(file.text)
    stem = PurePosixPath(file.path).stem
    return NoteFiling(shape.title or stem, "event", "journal", created=entry_day((), file.text), diary=True)


def _note(file: SourceFile) -> NoteFiling:
    """How a note that a person asked Codex to keep is filed."""
    document = parse_leniently(file.text)
    title = outline(document.body).title or document.get("title", "name") or first_sentence(document.body)
    return NoteFiling(title, rule_type(title, document.body), "notes", created=entry_day((file.path,), ""))


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    roots = _roots(tree)
    stores: dict[str, list[str]] = {}
    for path in tree.ordered if roots else ():
        root = next((str(parent) for parent in PurePosixPath(path).parents if str(parent) in roots), None)
        inside = path if root in (None, ".") else path[len(root) + 1 :]
        if root is not None and path not in taken and _belongs(inside, root):
            stores.setdefault(root, []).append(path)
    return directory_units(stores)


def _roots(tree: SourceTree) -> frozenset[str]:
    """The directories that Codex keeps memories in: by its place, or a handbook or summary beside what it works on."""
    roots = set()
    for path in tree.ordered:
        directory, name = posixpath.split(path)
        if name in (_HANDBOOK, _SUMMARY) and not is_third_party(path):
            beside = (_SUMMARY if name == _HANDBOOK else _HANDBOOK, _RAW)
            own = any(posixpath.join(directory, other) in tree.blobs for other in beside)
            handbook = name == _HANDBOOK and _TASK_GROUP.search(tree.peek(path)) is not None
            if own or handbook or directory.endswith(".codex/memories"):
                roots.add(directory or ".")
    return frozenset(roots)


def _belongs(inside: str, root: str) -> bool:
    """Whether a file below a directory of memories is one of them; in a root that is more, only what Codex names."""
    first = inside.split("/")[0]
    if first == "skills":
        return False
    return root != "." or first in (_HANDBOOK, _SUMMARY, _RAW, _ROLLOUTS, "extensions")


READER = SourceReader("codex-memories", "Codex memories", _units, _read)
