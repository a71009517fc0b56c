"""Rules for agents (AGENTS.md, CLAUDE.md, GEMINI.md, Cursor, Copilot and others): one memory per section.

A memory per list item would be too little: an item without its neighbours no longer says what it is about. A file in a
directory of rules is about one subject, so it is one memory where it is short.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.memory import Memory
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import humanise, rule_type, short_title
from memcli.core.sources.passages import Filing, Passage, SourceFile, known_anchors, memory_of, utc_instant
from memcli.core.sources.rules.general_prompts import is_about_project, is_general_prompt
from memcli.core.sources.rules.rule_imports import rule_imports
from memcli.core.sources.rules.rule_parts import RulePart, rule_part
from memcli.core.sources.rules.rule_scope import GLOB_KEYS, rule_scope
from memcli.core.sources.rules.rule_worth import GENERAL_ADVICE
from memcli.core.sources.rules.tool_blocks import tool_blocks, without_blocks
from memcli.core.sources.sections import MAX_SECTION, Outline, Part, outline
from memcli.core.sources.source_paths import is_directory_page, is_rule
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.gemini_memories import added_memories, without_added_memories
from memcli.core.sources.titles import is_generic, passage_title
from memcli.core.text.instruction_files import governed_directory, is_in_rule_directory

SHORT_FILE = 2500
"""Characters; a longer file in a directory of rules is cut at its headings."""
_GENERIC_TITLE = re.compile(
    r"(?i)(?:agents?|claude|gemini|copilot|cursor|windsurf)?(?:\.local)?(?:\.md)?|"
    r".*\b(?:instructions?|guidelines|guidance|guide|rules|overview)\b.*|"
    r".*(?:agents?|claude|gemini)(?:\.local)?\.md\b.*"
)
_STEP = re.compile(r"(?i)\W*(?:(?:step|phase|schritt|étape|paso|шаг)\s*\d|\d+\s*[.):—-])")


@dataclass(frozen=True)
class RuleFile:
    """A file of rules, parsed: `scope`: the anchors of all its rules; `directory`: what it governs, '' for all."""

    file: SourceFile
    document: LenientDocument
    scope: tuple[Anchor, ...]
    directory: str
    outline: Outline
    skipped: tuple[Skipped, ...] = ()


def rule_reading(file: SourceFile, known_paths: Collection[str], root: RuleFile | None = None) -> Reading:
    """The sections of a file of rules as memories, and why the others are none; `root`: the file that imports it, whose
    scope its rules have."""
    rules = _parsed(file, known_paths, root)
    memories = [] if root else list(added_memories(file, known_paths))
    skipped = list(rules.skipped)
    places = _places(known_paths) if is_general_prompt(rules.document.body) else None
    for part in rules.outline.parts:
        rule = rule_part(part, rules.outline.title)
        if rule.part and places is not None and not is_about_project(rule.part.text, places):
            rule = RulePart(None, ((part.line, GENERAL_ADVICE),))
        skipped.extend(Skipped(file.path, reason, line) for line, reason in rule.left)
        if rule.part:
            memories.append(_memory(rules, rule.part, known_paths))
    if not memories:
        reasons = dict.fromkeys(skip.reason for skip in skipped)
        skipped = [Skipped(file.path, "; ".join(reasons) or "empty")]
    return Reading(extracts_of(memories), tuple(skipped), tuple(_notices(rules)))


def _places(paths: Collection[str]) -> frozenset[str]:
    """All paths, and the directories above them."""
    parents = (path.rsplit("/", count)[0] for path in paths for count in range(1, path.count("/") + 1))
    return frozenset((*paths, *parents))


def _parsed(file: SourceFile, known_paths: Collection[str], root: RuleFile | None) -> RuleFile:
    document = parse_leniently(without_added_memories(file.text))
    blocks = tool_blocks(document.body)
    skipped = (Skipped(file.path, f"a block of {block.name}", block.start + document.line) for block in blocks)
    return RuleFile(
        file,
        document,
        root.scope if root else rule_scope(file.path, document, known_paths),
        root.directory if root else governed_directory(file.path),
        _outline(file.path, without_blocks(document.body, blocks), document.line),
        tuple(skipped),
    )


def _outline(path: str, body: str, line: int) -> Outline:
    """A short file about one subject, and one of numbered steps, as a whole; any other by section."""
    if not is_in_rule_directory(path):
        return outline(body, line)
    shape = outline(body, line, SHORT_FILE, is_whole=True)
    steps = sum(_STEP.match(part.title) is not None for part in shape.parts)
    return outline(body, line, MAX_SECTION, is_whole=True) if steps > 1 else shape


def _notices(rules: RuleFile) -> Iterator[Skipped]:
    if rules.file.text.startswith("---\n") and not rules.document.front and rules.document.body.startswith("---"):
        yield Skipped(rules.file.path, "its front matter cannot be read; it was read as text", 1)


def _memory(rules: RuleFile, part: Part, known_paths: Collection[str]) -> Memory:
    """A section, after the globs in the front matter that it applies to."""
    globs = rules.document.get(*GLOB_KEYS)
    lead = [f"Applies to: {globs}"] if globs else []
    passage = Passage(f"{rules.file.path}#L{part.line}", "\n\n".join((*lead, part.text)), utc_instant(rules.file.date))
    type_ = rule_type(part.title or rules.outline.title, part.text)
    return memory_of(
        passage,
        Filing(
            part.numbered(_title(rules, part)),
            type_,
            _topic(rules),
            kind="procedural" if type_ == "procedure" else "semantic",
            paths=tuple(dict.fromkeys((*rules.scope, *known_anchors(part.text, known_paths)))),
        ),
    )


def _title(rules: RuleFile, part: Part) -> str:
    """`<directory>: <what the section says>`."""
    shape, description = rules.outline, rules.document.get("description")
    own = "" if _GENERIC_TITLE.fullmatch(shape.title) else shape.title
    headings = [name for name in (own, *part.trail, part.title) if name]
    if not part.title and not part.trail and (shape.title or description):
        subject = shape.title if shape.title and not is_generic(shape.title) else description or shape.title
        headings = [subject] if len(shape.parts) == 1 or description or own else []
    title = passage_title(part.text, headings) or short_title(f"Rules of {rules.file.path}")
    below = f"{rules.directory}: {title}"
    return below if rules.directory and len(below) <= 100 and not title.startswith(rules.directory) else title


def _topic(rules: RuleFile) -> str:
    """The name of a file about one subject, else of the directory that the rules are for."""
    if is_in_rule_directory(rules.file.path) and not is_generic(humanise(PurePosixPath(rules.file.path).name)):
        return humanise(PurePosixPath(rules.file.path).name)
    return PurePosixPath(rules.directory).name or "conventions"


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """One unit for each file of rules with the files that it imports, but for those that are files of rules."""
    for path in tree.ordered:
        if path not in taken and is_rule(path):
            imports = rule_imports(path, tree.peek, tree.blobs).files
            yield SourceUnit(path, (path, *(file for file in imports if file not in taken and not is_rule(file))))


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    if is_directory_page(unit.root) and is_in_rule_directory(unit.root):
        return Reading(skipped=tuple(Skipped(path, "describes a directory of rules") for path in unit.paths))
    root = _parsed(tree.file(unit.root), tree.paths, None) if unit.root in unit.paths else None
    readings = [rule_reading(tree.file(path), tree.paths, root if path != unit.root else None) for path in unit.paths]
    imports = rule_imports(unit.root, tree.peek, tree.blobs)
    return Reading(
        tuple(extract for reading in readings for extract in reading.extracts),
        tuple(skip for reading in readings for skip in reading.skipped),
        tuple(notice for reading in readings for notice in reading.notices) + imports.refused,
    )


READER = SourceReader("rules", "files of rules for agents", _units, _read, version=3)
