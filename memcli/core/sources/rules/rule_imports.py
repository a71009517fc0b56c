"""The files that a file of rules imports: `@docs/style.md` for Claude and Gemini, `#[[file:docs/style.md]]` for Kiro.

Invariant: only paths inside the repository are followed, at most `DEEPEST` levels, each once.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from memcli.core.sources.passage_text import without_fences
from memcli.core.sources.source_reader import Skipped

DEEPEST = 5
"""Levels of imports that Claude Code follows."""
_TEXT = (".md", ".mdc", ".markdown", ".txt")
_IMPORT = re.compile(r"(?:^|(?<=\s))@((?:[^\s\\`]|\\ ){1,300})", re.M)
_KIRO_IMPORT = re.compile(r"#\[\[file:([^\]\n]{1,300})\]\]")
_IMPORTING = r"(?i)(?:^|/)(?:(?:agents?|claude|claude\.local|gemini|qwen)\.md$|\.claude/rules/|\.kiro/steering/)"
_AGENTS_READ_IT = r"(?i)^(?:readme|changelog|licen[cs]e)\b"


@dataclass(frozen=True)
class RuleImports:
    """`files`: what is imported, nearest first; `refused`: what is not followed, and why."""

    files: tuple[str, ...]
    refused: tuple[Skipped, ...]


def rule_imports(root: str, text_of: Callable[[str], str], paths: Collection[str]) -> RuleImports:
    """The imports of a file of rules; `text_of`: the text at a path, empty where it cannot be read."""
    files: dict[str, None] = {}
    refused: list[Skipped] = []
    level = [root] if re.search(_IMPORTING, root) else []
    for depth in range(DEEPEST + 1):
        below: list[str] = []
        for importing in level:
            for written in _written_imports(text_of(importing)):
                target, reason = _target(importing, written, paths)
                if reason or (depth == DEEPEST and target not in files):
                    refused.append(Skipped(importing, f"@{written}: {reason or f'deeper than {DEEPEST} imports'}"))
                elif target != root and target not in files:
                    files[target] = None
                    below.append(target)
        level = below
    return RuleImports(tuple(files), tuple(dict.fromkeys(refused)))


def _written_imports(text: str) -> Iterator[str]:
    """The imports of text files as they are written, outside code."""
    prose = re.sub(r"`[^`\n]*`", " ", without_fences(text))
    for match in (*_IMPORT.finditer(prose), *_KIRO_IMPORT.finditer(prose)):
        written = match[1].replace("\\ ", " ").rstrip(".,;:)!?'\"*_")
        if written.lower().endswith(_TEXT):
            yield written


def _target(importing: str, written: str, paths: Collection[str]) -> tuple[str, str]:
    """(path, '') of an import, or ('', why it is not followed)."""
    if written.startswith(("/", "~", "\\")):
        return "", "outside of the repository"
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(importing), written))
    at_root = posixpath.normpath(written)
    target = next((path for path in (beside, at_root) if path in paths), "")
    if target and re.match(_AGENTS_READ_IT, posixpath.basename(target)):
        return "", "not a file of rules"
    if beside.startswith("../"):
        return "", "outside of the repository"
    return target, "" if target else "no such file"
