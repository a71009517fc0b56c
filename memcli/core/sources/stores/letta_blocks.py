"""Letta's memory file system: `system/` (always in the agent's context) and `reference/`, one block per file.

A block that only the person may change has the tag `read-only`, one of `system/` the tag `system`: an import makes
neither a memory that is read-only nor one that is pinned.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import first_sentence, humanise, is_strict, rule_type
from memcli.core.sources.sections import outline
from memcli.core.sources.source_paths import is_markdown
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, directory_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.note_links import ids_by_name, with_note_links
from memcli.core.sources.stores.progress_notes import is_progress_file
from memcli.core.sources.stores.store_notes import NoteFiling, note_reading
from memcli.core.sources.stores.store_sections import joined_readings
from memcli.core.sources.titles import first_claim, heading_title, is_generic
from memcli.core.sources.written_dates import written_date

_PARTS = frozenset(("system", "reference"))
_SETTINGS = ".letta"
_SKILLS = "skills"
_KEYS = frozenset(("description", "label", "limit", "metadata", "read_only"))
SAMPLED = 3
"""The files of a directory that are looked at to tell whether it has blocks."""


def block_filing(label: str, document: LenientDocument, read_only: bool = False) -> NoteFiling:
    """How a block is filed; `label`: its path in the store without the suffix."""
    words = label.split("/")
    description = document.get("description")
    title = heading_title(first_sentence(description) or description) or outline(document.body).title
    title = title if title and not is_generic(title) else first_claim(document.body)
    tags = (*(("system",) if words[0] == "system" else ()), *(("read-only",) if read_only else ()))
    diary = is_progress_file("/".join(words[-2:]))
    return NoteFiling(
        title or humanise(words[-1]),
        "event" if diary else block_type(label, f"{description}\n{document.body}"),
        words[-2] if len(words) > 1 and words[-2] not in _PARTS else words[-1],
        tags,
        lead=description,
        created=written_date(words[-1]),
        diary=diary,
    )


def block_type(label: str, text: str) -> str:
    """A block about a person or the agent itself is a preference, a constraint where it is strict; others go by their
    wording."""
    about_someone = re.search(r"(?i)(?:^|/)(?:human|user|persona|prefs|preferences|identity)(?:/|$)", label)
    if about_someone:
        return "constraint" if is_strict(text[:600]) else "preference"
    return rule_type(label.rpartition("/")[2].replace("-", " ").replace("_", " "), text)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    reading = joined_readings(_block(tree, path, unit.root) for path in unit.paths)
    names = ((extract.memory.id, PurePosixPath(extract.path).stem, (_label(extract.path, unit.root),))
             for extract in reading.extracts)  # fmt: skip
    ids = ids_by_name(names)
    linked = (replace(extract, memory=replace(extract.memory, body=with_note_links(extract.memory.body, ids)))
              for extract in reading.extracts)  # fmt: skip
    return replace(reading, extracts=tuple(linked))


def _block(tree: SourceTree, path: str, root: str) -> Reading:
    if not is_markdown(path):
        return Reading(skipped=(Skipped(path, "settings" if _SETTINGS in path.split("/") else "not markdown"),))
    file = tree.file(path)
    document = parse_leniently(file.text)
    read_only = document.get("read_only").lower() in ("true", "yes")
    return note_reading(file, block_filing(_label(path, root), document, read_only), tree.paths)


def _label(path: str, root: str) -> str:
    return str(PurePosixPath(path).relative_to(root).with_suffix(""))


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    roots = sorted(_roots(tree), key=len, reverse=True)
    stores: dict[str, list[str]] = {}
    for path in tree.ordered if roots else ():
        root = next((root for root in roots if PurePosixPath(path).is_relative_to(root)), None)
        if root is not None and path not in taken and _is_block(tree, path, root):
            stores.setdefault(root, []).append(path)
    return directory_units(stores)


def _roots(tree: SourceTree) -> frozenset[str]:
    """The directories with `system/` or `reference/` that Letta wrote."""
    pages: dict[str, dict[str, list[str]]] = {}
    for path in tree.ordered:
        parts = path.split("/")[:-1]
        at = next((n for n, part in enumerate(parts) if part in _PARTS), None)
        if at is not None and is_markdown(path):
            pages.setdefault("/".join(parts[:at]) or ".", {}).setdefault(parts[at], []).append(path)
    return frozenset(root for root, by_part in pages.items() if _is_store(tree, root, by_part))


def _is_store(tree: SourceTree, root: str, pages: Mapping[str, list[str]]) -> bool:
    """Whether there are Letta's settings, a block about the person or the agent, or blocks in both directories."""
    if f"{root}/{_SETTINGS}/config.json".removeprefix("./") in tree.paths:
        return True
    if any(_is_own_block(path, root) and _is_described(tree, path) for path in pages.get("system", ())):
        return True
    return len(pages) == 2 and all(any(_is_bare(tree, path) for path in some[:SAMPLED]) for some in pages.values())


def _is_own_block(path: str, root: str) -> bool:
    return bool({*_label(path, root).split("/")[1:2]} & {"human", "persona"})


def _is_bare(tree: SourceTree, path: str) -> bool:
    """Whether a file has the front matter of a block and no other, as a page of documentation would."""
    front = parse_leniently(tree.peek(path)).front
    return "description" in front and front.keys() <= _KEYS


def _is_described(tree: SourceTree, path: str) -> bool:
    return bool(parse_leniently(tree.peek(path)).get("description"))


def _is_block(tree: SourceTree, path: str, root: str) -> bool:
    """Whether a file belongs to the store: all of its two directories and settings, elsewhere what is described."""
    parts = PurePosixPath(path).relative_to(root).parts
    if parts[0] in (*_PARTS, _SETTINGS):
        return True
    return len(parts) > 1 and parts[0] != _SKILLS and is_markdown(path) and _is_described(tree, path)


READER = SourceReader("letta", "Letta memory blocks", _units, _read)
