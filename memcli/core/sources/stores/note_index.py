"""MEMORY.md, the index of an agent's notes: what it says about the notes, and the memories in it.

Invariant: a line about an existing note belongs to that note's memory; every other line with words in it is kept.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from memcli.core.memory.defaults import kind_of_type
from memcli.core.memory.memory import Memory
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import count_words, first_sentence, short_title, title_text
from memcli.core.sources.passages import Filing, Passage, SourceFile, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import Outline, Part, line_of, outline
from memcli.core.sources.stores.progress_notes import is_progress_heading
from memcli.core.sources.stores.store_sections import section_type
from memcli.core.sources.titles import heading_title, passage_title

MIN_WORDS = 3
MOST_MISSING = 3
"""Lines of a section about missing notes that are memories each; more are one memory together."""
_ITEM = r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+|[ \t]*\|[ \t]*"
_FILE_LINK = r"\[([^\[\]]*)\]\(([^()\s]+\.md)\)|`([^`\s]+\.md)`|\[\[([^\[\]|]+)\]\]"
_RULE_HEADING = r"(?i)preference|rule|convention|style|guideline|feedback|commands?|workflow|setup"


@dataclass(frozen=True)
class NoteMention:
    """A line about a note.

    `target`: the note's path, empty where there is none; `link`: the link text; `hook`: what the line says about the
    note; `heading`: the heading above it; `line`: its line in the file.
    """

    target: str
    link: str
    hook: str
    heading: str
    line: int


@dataclass(frozen=True)
class NoteIndex:
    """What MEMORY.md says about notes, and the memories in it."""

    mentions: tuple[NoteMention, ...]
    memories: tuple[Memory, ...]


def read_note_index(file: SourceFile, notes: Collection[str], known_paths: Collection[str] = ()) -> NoteIndex:
    """The index in a file; `notes` are the paths of the notes beside it."""
    document = parse_leniently(file.text)
    reader = _IndexReader(file, notes, known_paths)
    shape = outline(document.body, document.line)
    memories = [memory for part in shape.parts for memory in reader.read(shape, part)]
    return NoteIndex(tuple(reader.mentions), tuple(memories))


class _IndexReader:
    """Reads the parts of an index, and collects the mentions of notes."""

    def __init__(self, file: SourceFile, notes: Collection[str], known_paths: Collection[str]) -> None:
        self.file, self.notes, self.known_paths = file, notes, known_paths
        self.mentions: list[NoteMention] = []

    def read(self, shape: Outline, part: Part) -> Iterator[Memory]:
        """The memories in a part: lines about missing notes, then what is left of the part."""
        mentions, rest = self._divide(part)
        if sum(not mention.target for mention in mentions) > MOST_MISSING:
            mentions, rest = self._divide(part, missing=False)
        self.mentions += [mention for mention in mentions if mention.target]
        for mention in mentions:
            if not mention.target and count_words(mention.hook) >= MIN_WORDS:
                yield self._memory(mention.link, mention.hook, part.title, mention.line)
        if _has_substance(rest):
            own = passage_title(rest, (*part.trail, part.title)) or shape.title
            yield self._memory(part.numbered(own), rest, part.title, part.line)

    def _memory(self, title: str, text: str, heading: str, line: int) -> Memory:
        type_ = _section_type(heading, text)
        filing = Filing(
            short_title(title) or short_title(first_sentence(text)) or "Note",
            type_,
            heading_title(heading) or "general",
            kind=kind_of_type(type_),
            evidence="inference",
            paths=known_anchors(text, self.known_paths),
        )
        return memory_of(Passage(f"{self.file.path}#L{line}", text.strip("\n"), utc_instant(self.file.date)), filing)

    def _divide(self, part: Part, missing: bool = True) -> tuple[list[NoteMention], str]:
        """The mentions in a part (of missing notes only where asked for), and the rest of its text; a line continues
        where the next ones are indented."""
        lines = part.text.split("\n")
        mentions: list[NoteMention] = []
        rest: list[str] = []
        n = 0
        while n < len(lines):
            end = n + 1
            while end < len(lines) and re.match(r"[ \t]{2,}(?![-*+|] )\S", lines[end]):
                end += 1
            number = line_of(self.file.text, lines[n])
            mention = self._mention(" ".join(lines[n:end]), part.title, number)
            if mention and (mention.target or missing):
                mentions.append(mention)
            else:
                rest += lines[n:end]
            n = end
        return mentions, _without_empty_headings("\n".join(rest)) if mentions else part.text

    def _mention(self, line: str, heading: str, number: int) -> NoteMention | None:
        """`- [Title](file.md) — hook`, `| [Title](file.md) | hook |`, ``- `file.md`: hook``; None for other lines."""
        item = re.match(_ITEM, line)
        text = line[item.end() :] if item else ""
        named = re.match(rf"(?i)[\W_]{{0,6}}(?:see )?(?:{_FILE_LINK})", text)
        if not named:
            return None
        link, target = title_text(named[1] or ""), named[2] or named[3] or f"{named[4]}.md"
        hook = _hook(text[named.end() :])
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.file.path), target))
        if path in self.notes:
            return NoteMention(path, link, hook, heading, number)
        return NoteMention("", link, hook, heading, number) if link and "://" not in target else None


def _section_type(heading: str, text: str) -> str:
    """An event for what a session did and what is left to do, a rule where the heading says so, else a fact."""
    if re.search(r"(?i)\bsessions?\b", heading) or is_progress_heading(heading):
        return "event"
    type_ = section_type(heading, text)
    return type_ if type_ == "decision" or re.search(_RULE_HEADING, heading) else "fact"


def _has_substance(text: str) -> bool:
    """Whether there are words besides headings, and more than a sentence that introduces the index."""
    words = count_words("\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#")))
    introduces = words < 25 and re.search(r"(?i)\b(?:index|list|table) of\b|\bmemory index\b", text) is not None
    return words >= MIN_WORDS and not introduces


def _without_empty_headings(text: str) -> str:
    """The text without headings that have no lines left below them."""
    empty = r"(?m)^(#+) [^\n]*\n+(?=(#+) |\Z)"
    return re.sub(empty, lambda match: match[0] if match[2] and len(match[2]) > len(match[1]) else "", text + "\n")


def _hook(text: str) -> str:
    """What a line says about a note, without the dash, colon or table border before it."""
    return text.strip().strip("|").strip().lstrip("*—–:- ").replace(r"\_", "_").strip()
