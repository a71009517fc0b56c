"""The passages of a document, whatever its markup: its sections, each understandable by itself.

Invariant: a passage is a slice of whole lines; tiny neighbours are one passage, and a procedure is not cut before it is
longer than `MAX_PASSAGE`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from memcli.core.memory.defaults import kind_of_type
from memcli.core.sources.diaries import diary_day, is_diary
from memcli.core.sources.documents.design_proposals import is_proposal
from memcli.core.sources.documents.markup import headings_of
from memcli.core.sources.lenient_front_matter import parse_leniently
from memcli.core.sources.passage_text import (
    count_words,
    has_shell,
    humanise,
    is_how_to,
    rule_type,
    short_title,
    word_list,
)
from memcli.core.sources.passages import Filing, Passage, SourceFile, known_anchors, memory_of, utc_instant
from memcli.core.sources.sections import Part, outline
from memcli.core.sources.source_reader import Extract
from memcli.core.sources.titles import first_claim, heading_title, passage_title
from memcli.core.sources.written_dates import written_date

MAX_PASSAGE = 5000
TINY, MAX_MERGED = 60, 2500
"""Words of a section with commands or names that says too little by itself; characters of several such sections in one
passage."""
_DECISION = (
    r"(?i)\W*(?:design |key |architectural |technical )?(?:decisions?|rationale)\b.*|.*\bdecisions?\W*|"
    r"why (?:we|not|is|are|do|does|did)\b.*|entscheidung(?:en)?\W*|décisions?\W*|decisi[oó]n(?:es)?\W*|"
    r"decis(?:ão|ões)\W*|решени[ея]\W*|决策|决定|決定"
)
_DOCUMENTATION = word_list("docs doc documentation guides guide wiki handbook site website content book")
_PROCEDURE = r"(?i)\b(?:releas(?:e|ing)|checklist|runbook|playbook|deploy(?:ing|ment)?|publish(?:ing)?|backport\w*)\b"
"""Names of documents that are one procedure, kept whole where they fit into a passage."""
_STABILITY = (
    r"(?i).*\b(?:stability|backwards?[ -]compat\w*|deprecations?|deprecation policy|"
    r"support(?:ed)? (?:policy|versions?)|versioning|minimum supported|"
    r"supported (?:browsers|platforms|interpreters|assistive)|lts|code ?owners?|ownership|semver|"
    r"breaking changes?)\b.*"
)
_GLOSSARY = (
    r"(?i)(?:[\w-]+ ){0,2}(?:glossary|terminology|glossar|glossaire|glosario|glossário|глоссарий|术语表?|用語集)\b"
)
_LABELS = re.compile(r"(?:^|\n)(?:[ \t]*\n|\.\. _[^\n]{1,200}:[ \t]*(?:\n|\Z)|\[[^\]\n]{1,100}\]:[^\n]*(?:\n|\Z))*\Z")


@dataclass(frozen=True)
class _Page:
    """A document's titles, outermost first, its lines and its date in the name."""

    file: SourceFile
    titles: tuple[str, ...]
    known_paths: Collection[str]
    tags: tuple[str, ...] = ()

    @property
    def is_glossary(self) -> bool:
        return re.match(_GLOSSARY, self.titles[-1]) is not None


def document_extracts(file: SourceFile, known_paths: Collection[str] = ()) -> Iterator[Extract]:
    """The passages of a document as extracts, in order."""
    document = parse_leniently(file.text)
    whole = len(document.body) <= MAX_PASSAGE and re.search(_PROCEDURE, PurePosixPath(file.path).stem) is not None
    shape = outline(document.body, document.line, MAX_PASSAGE, headings_of(file.path, document.body), is_whole=whole)
    title = document.get("title") or shape.title or humanise(PurePosixPath(file.path).stem)
    page = _Page(
        file,
        tuple(filter(None, (_package(file.path), title))),
        known_paths,
        ("proposed",) if is_proposal(file.path, document.body) else (),
    )
    for group in _groups(shape.parts, page.is_glossary):
        if text := _text(group, file.text):
            yield _extract(page, group, text)


def _groups(parts: tuple[Part, ...], is_glossary: bool) -> Iterator[list[Part]]:
    """The parts, tiny neighbours below the same headings together; of a glossary as many terms as fit."""
    group: list[Part] = []
    most = MAX_PASSAGE if is_glossary else MAX_MERGED
    for part in parts:
        joins = bool(group) and (is_glossary or _joins(group[-1], part))
        if group and not (joins and sum(len(each.text) for each in (*group, part)) <= most):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _joins(part: Part, following: Part) -> bool:
    return _is_tiny(part) and _is_tiny(following) and part.trail == following.trail


def _is_tiny(part: Part) -> bool:
    return bool(part.title) and part.number == 1 and "`" in part.text and count_words(part.text) < TINY


def _text(group: list[Part], source: str) -> str:
    """The passage without the labels and link targets at its end, which belong to what follows."""
    if len(group) == 1:
        return _LABELS.sub("", group[0].text)
    lines = source.split("\n")
    return _LABELS.sub("", "\n".join(lines[group[0].line - 1 : _end(group[-1], lines)]).rstrip())


def _end(part: Part, lines: list[str]) -> int:
    """The line after a part, counted from 0: below its heading come blank lines and its text."""
    own = part.text.split("\n")
    start = next((n for n in range(part.line - 1, len(lines)) if lines[n] == own[0]), part.line)
    return start + len(own)


def _package(path: str) -> str:
    """The directory that a guide is for, where that is not the whole repository."""
    parents = PurePosixPath(path).parts[:-1]
    in_docs = any(part.lower() in _DOCUMENTATION for part in parents)
    return parents[-1] if parents and not in_docs and not parents[0].startswith(".") else ""


def _extract(page: _Page, group: list[Part], text: str) -> Extract:
    first = group[0]
    headings = (*page.titles, *first.trail, *filter(None, [first.title]))
    type_ = _type(page.titles[-1], first.title or page.titles[-1], text)
    diary = type_ != "decision" and is_diary(page.file.path, headings)
    type_ = "event" if diary else type_
    dated = diary_day(page.file.path, headings) if diary else written_date(PurePosixPath(page.file.path).stem)
    filing = Filing(
        _title(page, group, text),
        type_,
        document_topic(page.file.path),
        kind=kind_of_type(type_),
        tags=page.tags,
        paths=known_anchors(text, page.known_paths),
    )
    passage = Passage(f"{page.file.path}#L{first.line}", text, utc_instant(dated or page.file.date))
    return Extract(memory_of(passage, filing), page.file.path, first.line, dated=dated is not None, diary=diary)


def _title(page: _Page, group: list[Part], text: str) -> str:
    if page.is_glossary and len(group) > 1:
        return short_title(f"{page.titles[-1]}: {group[0].title or group[1].title} to {group[-1].title}")
    if len(group) > 1:
        names = ", ".join(heading_title(part.title) for part in group)
        return short_title(": ".join((*(heading_title(name) for name in group[0].trail[-1:]), names)))
    headings = (*page.titles, *group[0].trail, *([group[0].title] if group[0].title else []))
    if group[0].number > 1:
        name = passage_title("", headings)
        claim = first_claim(text)
        return short_title(f"{name}: {claim}") if claim else group[0].numbered(name)
    return passage_title(text, headings) or short_title(page.titles[-1]) or "Note"


def _type(page: str, heading: str, text: str) -> str:
    if re.match(_GLOSSARY, page):
        return "fact"
    if any(re.fullmatch(_DECISION, name) for name in (page, heading)) or re.match(
        r"(?i)\W*(?:decision|decided)\b\W*:", text
    ):
        return "decision"
    if re.fullmatch(_STABILITY, heading):
        return "stability"
    runs = has_shell(text) or re.search(r"::[ \t]*\n[ \t]*\n[ \t]+\S", text) is not None
    steps = runs or re.search(r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:\[ \][ \t]+)?\S", text)
    if steps and ((is_how_to(heading, "") and runs) or re.search(_PROCEDURE, f"{page} {heading}")):
        return "procedure"
    return rule_type(heading, text)


def document_topic(path: str) -> str:
    """The page's directory below the documentation, else its own name; `overview` for a first page."""
    page = PurePosixPath(path)
    names = [part for part in page.parts[:-1] if part.lower() not in ("docs", "doc", "documentation")]
    directories = [name for name in names if not name.startswith(".")]
    if directories:
        return directories[-1]
    return "overview" if page.stem.lower() in ("readme", "index", "_index") else humanise(page.stem)
