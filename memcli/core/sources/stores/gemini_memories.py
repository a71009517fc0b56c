"""What Gemini CLI was asked to remember: the list below `## Gemini Added Memories` in a GEMINI.md, one memory per item.

The rest of the file is rules, which their own reader reads.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from memcli.core.memory.defaults import kind_of_type
from memcli.core.memory.memory import Memory
from memcli.core.sources.passage_text import count_words, rule_type, short_title
from memcli.core.sources.passages import EPOCH, Filing, Passage, SourceFile, known_anchors, memory_of
from memcli.core.sources.titles import passage_title

_SECTION = re.compile(r"(?im)^#{1,3} Gemini Added Memories[ \t]*\n(?:(?!#{1,6} )[^\n]*(?:\n|\Z))*?(?=#{1,6} |\Z)")
_ITEM = re.compile(r"(?m)^[-*+] +(\S[^\n]*(?:\n(?![-*+] |#)[^\n]*)*)")


def added_memories(file: SourceFile, known_paths: Collection[str] = ()) -> Iterator[Memory]:
    """The items of the section, at their lines."""
    for section in _SECTION.finditer(file.text):
        for item in _ITEM.finditer(section[0]):
            text = item[1].strip()
            if count_words(text) > 1:
                line = file.text.count("\n", 0, section.start() + item.start()) + 1
                yield memory_of(Passage(f"{file.path}#L{line}", text, EPOCH), _filing(text, known_paths))


def without_added_memories(text: str) -> str:
    """The text without the section, its lines left empty."""
    return _SECTION.sub(lambda section: "\n" * section[0].count("\n"), text)


def _filing(text: str, known_paths: Collection[str]) -> Filing:
    type_ = rule_type("", text)
    return Filing(
        passage_title(text) or short_title(text) or "Note",
        type_,
        "conventions",
        kind=kind_of_type(type_),
        evidence="inference",
        paths=known_anchors(text, known_paths),
    )
