"""What the statements of a passage tell: a rule or a reason of this project, general advice, or how something is built.

A statement is a list item, a row of a table or a paragraph; code in fences belongs to none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memcli.core.sources.passage_text import has_commands, is_instruction, without_fences
from memcli.core.sources.rule_words import GENERAL, MUST, TELLING

_ITEM = r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+"
_BEGINS = re.compile(rf"{_ITEM}|[ \t]*\||[ \t]*#{{1,6}} ")
_LEAD = re.compile(rf"^(?:{_ITEM})?(?:\[[ xX]\] )?(?:[^\w\s*`]{{1,4}} )?(?:\*\*[^*\n]{{1,80}}\*\*[ \t]*[:—–-]*[ \t]*)?")
_SPECIFIC = re.compile(
    r"`[^`\n]+`|https?://|\w/\w|\b\w+\.(?:md|ts|tsx|js|py|rs|go|json|ya?ml|toml|sql|sh)\b|\b\d+|"
    r"\b[a-z]+[A-Z]\w*|\b\w+_\w+|(?<=[a-z,(] )[A-Z][a-z]+|\b(?!DRY|KISS|SOLID|YAGNI|NOT|NEVER|ALWAYS|MUST|ONLY|DO|"
    r"NO|AND|OR|ALL|AI|LLM|API|CRITICAL|IMPORTANT|BEFORE|ANY|EVERY|TODO)[A-Z]{2,}\b"
)
CONVENTIONS = re.compile(
    r"(?i)\b(?:conventions?|styles?|standards?|rules?|guidelines?|naming|polic(?:y|ies)|pitfalls?|gotchas?|caveats?|"
    r"constraints?|limitations?|known issues|quirks|troubleshooting|debugging|common (?:errors|mistakes|issues)|"
    r"commit\w*|pull requests?|prs?|branch\w*|releas\w+|checklist|do'?s|don'?ts?|do not|never|always|avoid|"
    r"important|critical|invariants?|decisions?|glossary|terminology|preferences?|ownership|boundaries|places|non-goals?|"
    r"konventionen|regeln|richtlinien|règles|conventions?|reglas|convenciones|regras|convenções|regole|convenzioni)\b|"
    r"правила|соглашения|запрет|规范|规则|约定|注意|禁止|規約|ルール|注意|규칙|컨벤션"
)
"""Headings below which a list states rules even without a word of duty."""


@dataclass(frozen=True)
class Statement:
    """Lines of a passage, the first of which is line `start`, counted from 0."""

    start: int
    text: str

    @property
    def tells(self) -> bool:
        """Whether it says what to do, what must be, why, or what goes wrong."""
        return is_instruction(self.text) or TELLING.search(self.text) is not None

    @property
    def is_specific(self) -> bool:
        """Whether it names something: a path, a command, a product, a number."""
        return _SPECIFIC.search(_LEAD.sub("", self.text)) is not None or "`" in self.text

    @property
    def is_general(self) -> bool:
        """Whether it is advice that holds in any repository."""
        return not self.is_specific and GENERAL.search(self.text) is not None


def statements(text: str) -> list[Statement]:
    """The statements of a text, without headings."""
    found: list[list[str]] = []
    starts: list[int] = []
    is_open = False
    for number, line in enumerate(_blanked(text).split("\n")):
        begins = _BEGINS.match(line)
        if not line.strip():
            is_open = False
        elif is_open and not begins:
            found[-1].append(line)
        else:
            found.append([line])
            starts.append(number)
            is_open = True
    pairs = zip(starts, found, strict=True)
    return [Statement(start, "\n".join(lines)) for start, lines in pairs if not lines[0].lstrip().startswith("#")]


def _blanked(text: str) -> str:
    """The text with empty lines in place of its fences."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = re.match(r"[ \t]*(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip().strip("`~"):
            fence = ""
        elif not fence:
            lines.append(line)
            continue
        lines.append("")
    return "\n".join(lines)


def is_general_advice(text: str) -> bool:
    """Whether most statements of a text are advice that holds in any repository, and few name anything."""
    parts = [
        Statement(part.start, sentence)
        for part in statements(text)
        for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。！？])", part.text)
        if re.search(r"\w", sentence)
    ]
    general = sum(part.is_general for part in parts)
    specific = sum(part.is_specific for part in parts)
    return general * 2 >= len(parts) > 1 and specific * 4 < len(parts)


def states_nothing(text: str, headings: Sequence[str]) -> bool:
    """Whether a text only describes: no statement tells anything, and no heading announces rules."""
    is_about_rules = any(CONVENTIONS.search(heading) for heading in headings)
    if is_about_rules or has_commands(text) or MUST.search(without_fences(text)):
        return False
    return not any(part.tells for part in statements(text))
