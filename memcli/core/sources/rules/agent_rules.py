"""Rules for agents (AGENTS.md, CLAUDE.md, GEMINI.md, Cursor, Copilot): one memory per section.

A memory per list item would be too little: an item without its neighbours no longer says what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from memcli.core.memory.anchors import Anchor, matching
from memcli.core.memory.memory import Memory
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import count_words, first_sentence, humanise, rule_type, short_title
from memcli.core.sources.passages import Filing, Passage, SourceFile, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import Part, outline
from memcli.core.sources.source_paths import is_rule
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit, extracts_of, one_file_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.gemini_memories import added_memories, without_added_memories

MIN_WORDS = 4
_GENERIC_TITLE = (
    r"(?i)(?:agents?|claude|gemini|copilot|cursor|windsurf)?(?:\.local)?(?:\.md)?|"
    r".*\b(?:instructions|guidelines|guidance|guide|rules|overview)\b.*"
)
_STANDARD = ("This file provides guidance to", "This file contains instructions for")


def rule_memories(file: SourceFile, known_paths: Collection[str] = ()) -> Iterator[Memory]:
    """The sections of a file of rules; those of a directory's own file are anchored to the directory."""
    yield from added_memories(file, known_paths)
    document = parse_leniently(without_added_memories(file.text))
    shape = outline(document.body, document.line)
    scope = _scope(file.path, document, known_paths)
    for part in shape.parts:
        if count_words(part.text) >= MIN_WORDS and not _is_standard(part):
            passage = _passage(file, document, part)
            anchors = tuple(dict.fromkeys((*scope, *known_anchors(part.text, known_paths))))
            yield memory_of(passage, _filing(file, document, shape.title, part, anchors))


def _is_standard(part: Part) -> bool:
    """Whether a part is only the sentence that every generated file begins with."""
    return part.text.startswith(_STANDARD) and count_words(part.text) < 25


def _passage(file: SourceFile, document: LenientDocument, part: Part) -> Passage:
    """A section, after the globs in the front matter that it applies to."""
    globs = document.get("globs", "applyto", "paths")
    lead = [f"Applies to: {globs}"] if globs else []
    return Passage(f"{file.path}#L{part.line}", "\n\n".join((*lead, part.text)), utc_instant(file.date))


def _filing(file: SourceFile, document: LenientDocument, title: str, part: Part, paths: tuple[Anchor, ...]) -> Filing:
    own_title = "" if re.fullmatch(_GENERIC_TITLE, title) else title
    heading = part.title or document.get("description") or own_title or first_sentence(part.text)
    type_ = rule_type(part.title or title, part.text)
    return Filing(
        part.numbered(_title(file.path, own_title, heading)),
        type_,
        _topic(file.path),
        kind="procedural" if type_ == "procedure" else "semantic",
        paths=paths,
    )


def _title(path: str, own_title: str, heading: str) -> str:
    """`<directory or title>: <heading>`, or the heading alone."""
    directory = _directory(path)
    above = own_title if "." in directory[:1] or not directory else directory
    if not heading:
        return short_title(f"Rules of {path}")
    return short_title(heading if not above or heading == above else f"{above}: {heading}")


def _directory(path: str) -> str:
    """The directory that the rules are for; empty for the root."""
    parent = PurePosixPath(path).parent
    return "" if str(parent) == "." else str(parent)


def _topic(path: str) -> str:
    directory = PurePosixPath(_directory(path))
    if directory.name in ("rules", "instructions"):
        return re.sub(r"(?i)^copilot-instructions$", "conventions", humanise(PurePosixPath(path).name))
    return "conventions" if not directory.name or directory.name.startswith(".") else directory.name


def _scope(path: str, document: LenientDocument, known_paths: Collection[str]) -> tuple[Anchor, ...]:
    """The globs of the front matter and of the file's directory that match a known path."""
    globs = [glob.strip(" \"'[]") for glob in document.get("globs", "applyto", "paths").split(",")]
    directory = _directory(path)
    if directory and not directory.startswith("."):
        globs.append(f"{directory}/**")
    narrow = (glob for glob in globs if glob not in ("", "**", "**/*"))
    return tuple(map(Anchor, matching(narrow, known_paths)))


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    return one_file_units(is_rule)(tree, taken)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    return Reading(extracts_of(rule_memories(tree.file(unit.root), tree.paths)))


READER = SourceReader("rules", "files of rules for agents", _units, _read)
