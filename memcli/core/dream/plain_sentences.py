"""The plain sentences of a body: its prose without code, quotes, links and table borders.

Invariant: a sentence has the body's characters at the body's positions; each character that is not plain prose is
replaced by `COVER`. In doubt text is covered, so a caller who rewrites sentences changes too little, never too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from memcli.core.text.markdown import blocks

COVER = "\0"
_OPAQUE_TAGS = re.compile(r"(?i)<(?:pre|code|kbd|samp|q|blockquote|cite|script|style|textarea)\b")
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LEAD = re.compile(r"[\s>*+\-\d.)]*")
_BACKTICKS = re.compile(r"(?:[^`\\]++|\\.|\\\Z)*+(`+)", re.S)
_LINKS = re.compile(
    r"\[[^\[\]]{0,300}\](?::.*|\([^()]{0,500}\))?|\b[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+|\bwww\.\S+", re.A
)
_QUOTES = re.compile(r"“[^”]*(?:”|\Z)|„[^“”]*(?:[“”]|\Z)|«[^»]*(?:»|\Z)|»[^«]*(?:«|\Z)|‹[^›]*(?:›|\Z)|‘.*", re.S)
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)[)*]*\s+"
    r"|\n(?=[ \t]{0,20}(?:[-*+]|\d{1,9}[.)])[ \t])|\r?\n\r?\n|\|"
)


class Sentence(NamedTuple):
    """A sentence, covered where it is not plain prose, and its position in the body."""

    start: int
    text: str


def plain_sentences(body: str) -> Iterator[Sentence]:
    """The sentences of a body, in order."""
    if _OPAQUE_TAGS.search(body):
        return
    position = 0
    for block in blocks(body):
        prose = _prose(block)
        if prose.strip(COVER + " \r\n"):
            cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(prose)), len(prose)]
            yield from (Sentence(position + start, prose[start:end]) for start, end in pairwise(cuts) if start < end)
        position += len(block)


def _prose(block: str) -> str:
    """A block (a paragraph, a list item, a table …), all else covered; wholly covered where that is hard to tell."""
    lines = _LINES.findall(block)
    leads = [_LEAD.match(line)[0] for line in lines]  # type: ignore[index]
    if "```" in block or "~~~" in block or any(">" in lead for lead in leads):
        return COVER * len(block)
    unindented = (_cover_line(line) if _is_indented(lead) else line for line, lead in zip(lines, leads, strict=True))
    text = _LINKS.sub(_cover_match, _cover_code_spans("".join(unindented)))
    if "](" in text or re.search(r"<[A-Za-z/!?]", text):
        return COVER * len(block)
    return _cover_quotes(text)


def _is_indented(lead: str) -> bool:
    return "\t" in lead or "    " in lead


def _cover_line(line: str) -> str:
    """A covered line; its end stays."""
    text = line.rstrip("\r\n")
    return COVER * len(text) + line[len(text) :]


def _cover_match(match: re.Match[str]) -> str:
    return COVER * len(match[0])


def _cover_code_spans(text: str) -> str:
    """A text with its code spans covered; from an unclosed run of backticks on, all of it."""
    pieces: list[str] = []
    at = 0
    while opened := _BACKTICKS.match(text, at):
        closer = re.compile(rf"(?<!`)`{{{len(opened[1])}}}(?!`)").search(text, opened.end())
        end = closer.end() if closer else len(text)
        pieces += [text[at : opened.start(1)], COVER * (end - opened.start(1))]
        at = end
    return "".join((*pieces, text[at:]))


def _cover_quotes(text: str) -> str:
    """A text with its quotes covered; up to the end where quotation marks do not alternate."""
    text = _QUOTES.sub(_cover_match, text)
    for marks in (r'"', rf"(?<!\w)'(?<!{COVER}')|'(?!\w)"):
        positions = [match.start() for match in re.finditer(marks, text)]
        if positions and not _alternate(text, positions):
            return text[: positions[0]] + COVER * (len(text) - positions[0])
        text = _cover_spans(text, zip(positions[::2], positions[1::2], strict=True))
    return text


def _cover_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    at = 0
    for first, last in spans:
        pieces += [text[at:first], COVER * (last + 1 - first)]
        at = last + 1
    return "".join((*pieces, text[at:]))


def _alternate(text: str, positions: list[int]) -> bool:
    """Whether the quotation marks at these positions open and close alternately."""
    opens = all(not text[at - 1 : at].isalnum() and text[at + 1 : at + 2].strip() for at in positions[::2])
    closes = all(text[at - 1].strip() and not text[at + 1 : at + 2].isalnum() for at in positions[1::2])
    return len(positions) % 2 == 0 and opens and closes
