"""MEMORY.md, the index of an agent's notes: what it says of topic files, and what it says itself.

Invariant: a line about a file that exists belongs to that file's memory; every other line with words in it is kept.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from memcli.core.bootstrap.lenient_front_matter import headed
from memcli.core.bootstrap.passage_text import count_words, first_sentence, rule_type, title_text, titled
from memcli.core.bootstrap.passages import Passage, SourceFile, anchors, memory_of, moment
from memcli.core.bootstrap.sections import Part, line_of, outline
from memcli.core.memory.memory import Memory

KINDS = {"procedure": "procedural", "event": "episodic", "attempt": "episodic"}
"""Of the types that are not semantic."""
MIN_WORDS = 3
_ITEM = r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+|[ \t]*\|[ \t]*"
_FILE_LINK = r"\[([^\[\]]*)\]\(([^()\s]+\.md)\)|`([^`\s]+\.md)`|\[\[([^\[\]|]+)\]\]"


@dataclass(frozen=True)
class Mention:
    """A line of an index: the `link` text, what it says (`hook`) and the heading above it."""

    target: str
    link: str
    hook: str
    heading: str
    line: int


@dataclass(frozen=True)
class Index:
    """MEMORY.md: what it says of topic files, and what it says itself."""

    mentions: tuple[Mention, ...]
    memories: tuple[Memory, ...]


def is_index(path: str) -> bool:
    return PurePosixPath(path).name.lower() == "memory.md"


def index(file: SourceFile, topics: Collection[str], known_paths: Collection[str] = ()) -> Index:
    """MEMORY.md read; `topics` are the paths of the notes beside it."""
    source = headed(file.text)
    shape = outline(source.body, source.line)
    mentions: list[Mention] = []
    memories: list[Memory] = []
    for part in shape.parts:
        own, kept = _divided(file, part, topics)
        mentions += [mention for mention in own if mention.target]
        lost = [mention for mention in own if not mention.target and count_words(mention.hook) >= MIN_WORDS]
        for one in lost:
            memories.append(_told(file, one.link, one.hook, part.title, one.line, known_paths))
        if _says_something(kept):
            title = ": ".join((*part.trail[-1:], part.title)) if part.title else first_sentence(kept) or shape.title
            memories.append(_told(file, part.numbered(title), kept, part.title, part.line, known_paths))
    return Index(tuple(mentions), tuple(memories))


def _says_something(kept: str) -> bool:
    """Whether there are words besides the headings, and more than the sentence that introduces an index."""
    words = count_words("\n".join(line for line in kept.split("\n") if not line.lstrip().startswith("#")))
    introduces = words < 25 and re.search(r"(?i)\b(?:index|list|table) of\b|\bmemory index\b", kept) is not None
    return words >= MIN_WORDS and not introduces


def _told(file: SourceFile, title: str, text: str, heading: str, line: int, known_paths: Collection[str]) -> Memory:
    worded = rule_type(heading, text)
    ruled = re.search(r"(?i)preference|rule|convention|style|guideline|feedback|commands?|workflow|setup", heading)
    type_ = worded if ruled else "fact"
    return memory_of(
        Passage(f"{file.path}#L{line}", text.strip("\n"), moment(file.date)),
        title=titled(title) or titled(first_sentence(text)) or "Note",
        kind=KINDS.get(type_, "semantic"),
        type=type_,
        topic=heading or "general",
        evidence="inference",
        paths=anchors(text, known_paths),
    )


def _divided(file: SourceFile, part: Part, topics: Collection[str]) -> tuple[list[Mention], str]:
    """The mentions in a part and the rest of it; a mention without a file has no target."""
    lines = part.text.split("\n")
    mentions: list[Mention] = []
    kept: list[str] = []
    n = 0
    while n < len(lines):
        end = n + 1
        while end < len(lines) and re.match(r"[ \t]{2,}(?![-*+|] )\S", lines[end]):
            end += 1
        mention = _mention(file, " ".join(lines[n:end]), part.title, line_of(file.text, lines[n]), topics)
        if mention:
            mentions.append(mention)
        else:
            kept += lines[n:end]
        n = end
    return mentions, _without_empty_headings("\n".join(kept)) if mentions else part.text


def _without_empty_headings(text: str) -> str:
    """What is left of a section: headings that lost all their lines go with them."""
    below = r"(?m)^(#+) [^\n]*\n+(?=(#+) |\Z)"
    return re.sub(below, lambda match: match[0] if match[2] and len(match[2]) > len(match[1]) else "", text + "\n")


def _mention(file: SourceFile, line: str, heading: str, number: int, topics: Collection[str]) -> Mention | None:
    """`- [Title](file.md) — hook`, `| [Title](file.md) | hook |`, ``- `file.md`: hook``; None for other lines."""
    item = re.match(_ITEM, line)
    rest = line[item.end() :] if item else ""
    named = re.match(rf"(?i)[\W_]{{0,6}}(?:see )?(?:{_FILE_LINK})", rest)
    if not named:
        return None
    link, target = title_text(named[1] or ""), named[2] or named[3] or f"{named[4]}.md"
    hook = _hook(rest[named.end() :])
    full = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), target))
    if full in topics:
        return Mention(full, link, hook, heading, number)
    return Mention("", link, hook, heading, number) if link and "://" not in target else None


def _hook(text: str) -> str:
    """What a line says of a file, without the dash, colon or cell wall that sets it off."""
    return text.strip().strip("|").strip().lstrip("*—–:- ").replace(r"\_", "_").strip()
