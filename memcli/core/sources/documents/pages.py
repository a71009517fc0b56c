"""README and documentation pages: one memory, a fact or a procedure, per section of substance."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from memcli.core.memory.memory import Memory
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import (
    count_words,
    first_sentence,
    has_shell,
    humanise,
    is_contents,
    is_how_to,
    prose_words,
    short_title,
    word_list,
)
from memcli.core.sources.passages import Filing, Passage, SourceFile, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import Part, outline
from memcli.core.sources.source_paths import is_directory_page, is_page
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit, extracts_of, one_file_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.written_dates import written_date

MIN_WORDS = 12
_SKIPPED_SECTION = (
    r"(?i)(?:the )?(?:licen[cs](?:e|es|ing)(?: .*)?|credits?|acknowledge?ments?|thanks(?: to)?|sponsors?(?: .*)?|"
    r"backers?|contributors?|authors?|maintainers?|(?:table of )?contents|toc|star history|stargazers.*|change-?log|"
    r"see also|links|code of conduct|badges?|on this page|further reading)\W*"
)
_GENERIC_TITLE = r"(?i)(?:readme|index|documentation|docs|introduction|overview|home|welcome)?\W*"
_GENERATED = (
    r"(?i)\bauto[- ]?generated (?:by|from|file|documentation)\b|<!--[^>]{0,80}\bdo not edit\b|<!--\s*generated\b"
)
_HOW_TO_DIRECTORIES = word_list(
    """
    runbooks runbook how-to howto howtos how-tos playbooks tutorials procedures
    """
)
_DOCS = frozenset(("docs", "doc", "documentation"))


def page_memories(file: SourceFile, known_paths: Collection[str] = ()) -> Iterator[Memory]:
    """The sections of a page that have substance; none of a generated page."""
    document = parse_leniently(file.text)
    if re.search(_GENERATED, document.body[:800]) or re.search(_GENERATED, document.body[-300:]):
        return
    shape = outline(document.body, document.line)
    title = document.get("title") or shape.title or humanise(PurePosixPath(file.path).name)
    date = utc_instant(written_date(PurePosixPath(file.path).stem) or file.date)
    for part in shape.parts:
        if _has_substance(part):
            passage = Passage(f"{file.path}#L{part.line}", part.text, date)
            yield memory_of(passage, _filing(file.path, title, part, known_paths))


def _has_substance(part: Part) -> bool:
    if re.fullmatch(_SKIPPED_SECTION, part.title) or is_contents(part.text) or _is_listing(part):
        return False
    words = count_words(part.text) if has_shell(part.text) else prose_words(part.text)
    return words >= MIN_WORDS


def _is_listing(part: Part) -> bool:
    """Whether a part is a table that a tool wrote from the code (terraform-docs)."""
    rows = [line for line in part.text.split("\n") if line.strip()]
    listed = re.fullmatch(r"(?i)(?:inputs|outputs|resources|providers|requirements|modules)", part.title)
    return bool(listed) and sum(line.startswith("|") for line in rows) * 2 > len(rows)


def _filing(path: str, title: str, part: Part, known_paths: Collection[str]) -> Filing:
    file = PurePosixPath(path)
    how_to = is_how_to(part.title or title, part.text) or bool(_HOW_TO_DIRECTORIES & set(file.parts))
    decided = re.fullmatch(r"(?i)(?:adrs?|decisions?|decision-log|adr-log)", file.stem)
    return Filing(
        part.numbered(_title(title, part)),
        "procedure" if how_to else "decision" if decided else "fact",
        page_topic(path),
        kind="procedural" if how_to else "semantic",
        paths=known_anchors(part.text, known_paths),
    )


def _title(title: str, part: Part) -> str:
    """`<page>: <section>`, or one of the two where the other one is generic."""
    generic = re.fullmatch(_GENERIC_TITLE, title) is not None
    if not part.title:
        return short_title(first_sentence(part.text) if generic else title) or short_title(title) or "Note"
    if generic or short_title(title).lower() in part.title.lower():
        return short_title(part.title)
    return short_title(f"{title}: {part.title}")


def page_topic(path: str) -> str:
    """The page's directory below the documentation, else its own name; `overview` for a first page."""
    page = PurePosixPath(path)
    directories = [part for part in page.parts[:-1] if part.lower() not in _DOCS and not part.startswith(".")]
    if directories:
        return directories[-1]
    return "overview" if is_directory_page(path) else humanise(page.name)


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    return one_file_units(is_page)(tree, taken)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    return Reading(extracts_of(page_memories(tree.file(unit.root), tree.paths)))


READER = SourceReader("docs", "documents", _units, _read, option="docs")
