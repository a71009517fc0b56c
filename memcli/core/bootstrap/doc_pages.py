"""README and documentation pages: one memory per section of substance, a fact or a procedure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from memcli.core.bootstrap.lenient_front_matter import headed
from memcli.core.bootstrap.passage_text import (
    count_words,
    first_sentence,
    has_shell,
    humanised,
    is_contents,
    is_how_to,
    prose_words,
    titled,
    word_list,
)
from memcli.core.bootstrap.passages import Passage, SourceFile, anchors, memory_of, moment, written_date
from memcli.core.bootstrap.sections import Part, outline
from memcli.core.bootstrap.source_paths import is_index
from memcli.core.memory.memory import Memory

MIN_WORDS = 12
_PASSED_OVER = (
    r"(?i)(?:the )?(?:licen[cs](?:e|es|ing)(?: .*)?|credits?|acknowledge?ments?|thanks(?: to)?|sponsors?(?: .*)?|"
    r"backers?|contributors?|authors?|maintainers?|(?:table of )?contents|toc|star history|stargazers.*|change-?log|"
    r"see also|links|code of conduct|badges?|on this page|further reading)\W*"
)
_GENERIC = r"(?i)(?:readme|index|documentation|docs|introduction|overview|home|welcome)?\W*"
_GENERATED = (
    r"(?i)\bauto[- ]?generated (?:by|from|file|documentation)\b|<!--[^>]{0,80}\bdo not edit\b|<!--\s*generated\b"
)
_HOW_TO_PLACES = word_list(
    """
    runbooks runbook how-to howto howtos how-tos playbooks tutorials procedures
    """
)
_DOCS = frozenset(("docs", "doc", "documentation"))


def memories(file: SourceFile, known_paths: Collection[str] = ()) -> Iterator[Memory]:
    """The sections of a page that say something; generated pages say nothing."""
    source = headed(file.text)
    if re.search(_GENERATED, source.body[:800]) or re.search(_GENERATED, source.body[-300:]):
        return
    shape = outline(source.body, source.line)
    title = source.get("title") or shape.title or humanised(PurePosixPath(file.path).name)
    for part in shape.parts:
        if _has_substance(part):
            yield _memory(file, title, part, known_paths)


def _has_substance(part: Part) -> bool:
    if re.fullmatch(_PASSED_OVER, part.title) or is_contents(part.text) or _is_listing(part):
        return False
    words = count_words(part.text) if has_shell(part.text) else prose_words(part.text)
    return words >= MIN_WORDS


def _is_listing(part: Part) -> bool:
    """A table that a tool wrote from the code (terraform-docs)."""
    rows = [line for line in part.text.split("\n") if line.strip()]
    listed = re.fullmatch(r"(?i)(?:inputs|outputs|resources|providers|requirements|modules)", part.title)
    return bool(listed) and sum(line.startswith("|") for line in rows) * 2 > len(rows)


def _memory(file: SourceFile, title: str, part: Part, known_paths: Collection[str]) -> Memory:
    how_to = is_how_to(part.title or title, part.text) or bool(_HOW_TO_PLACES & set(PurePosixPath(file.path).parts))
    decided = not how_to and re.fullmatch(
        r"(?i)(?:adrs?|decisions?|decision-log|adr-log)", PurePosixPath(file.path).stem
    )
    return memory_of(
        Passage(
            f"{file.path}#L{part.line}", part.text, moment(written_date(PurePosixPath(file.path).stem) or file.date)
        ),
        title=part.numbered(_title(title, part)),
        kind="procedural" if how_to else "semantic",
        type="procedure" if how_to else "decision" if decided else "fact",
        topic=topic(file.path),
        paths=anchors(part.text, known_paths),
    )


def _title(title: str, part: Part) -> str:
    """`<page>: <section>`, unless one of the two says nothing."""
    generic = re.fullmatch(_GENERIC, title) is not None
    if not part.title:
        return titled(first_sentence(part.text) if generic else title) or titled(title) or "Note"
    if generic or titled(title).lower() in part.title.lower():
        return titled(part.title)
    return titled(f"{title}: {part.title}")


def topic(path: str) -> str:
    """The nearest directory below the documentation's, else the page's own name; `overview` for the first page."""
    place = PurePosixPath(path)
    parents = [part for part in place.parts[:-1] if part.lower() not in _DOCS and not part.startswith(".")]
    if parents:
        return parents[-1]
    return "overview" if is_index(path) else humanised(place.name)
