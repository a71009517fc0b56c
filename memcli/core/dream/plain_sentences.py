"""What of a body its author says in plain words: sentences outside code, quotes, links and tables' borders.

Invariant: the sentences have the body's own characters at the body's own places; what is not plain speech is covered
with as many `COVER`s. In doubt it is covered: whoever rewrites a sentence then leaves too much alone, never too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from memcli.core.text.markdown import blocks

COVER = "\0"
_OTHERS = re.compile(r"(?i)<(?:pre|code|kbd|samp|q|blockquote|cite|script|style|textarea)\b")
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LEAD = re.compile(r"[\s>*+\-\d.)]*")
_TICKS = re.compile(r"(?:[^`\\]++|\\.|\\\Z)*+(`+)", re.S)
_LINKS = re.compile(
    r"\[[^\[\]]{0,300}\](?::.*|\([^()]{0,500}\))?|\b[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+|\bwww\.\S+", re.A
)
_TYPED = re.compile(r"“[^”]*(?:”|\Z)|„[^“”]*(?:[“”]|\Z)|«[^»]*(?:»|\Z)|»[^«]*(?:«|\Z)|‹[^›]*(?:›|\Z)|‘.*", re.S)
_ENDS = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)[)*]*\s+"
    r"|\n(?=[ \t]{0,20}(?:[-*+]|\d{1,9}[.)])[ \t])|\r?\n\r?\n|\|"
)


class Sentence(NamedTuple):
    """A sentence, covered where it is not plain speech, and its place in the body."""

    start: int
    text: str


def sentences(body: str) -> Iterator[Sentence]:
    """The sentences of a body, in order."""
    if _OTHERS.search(body):
        return
    place = 0
    for block in blocks(body):
        plain = _covered(block)
        if plain.strip(COVER + " \r\n"):
            cuts = [0, *(match.end() for match in _ENDS.finditer(plain)), len(plain)]
            yield from (Sentence(place + start, plain[start:end]) for start, end in pairwise(cuts) if start < end)
        place += len(block)


def _covered(block: str) -> str:
    """A block (a paragraph, a list item, a table …) with covers; all of it where its parts are hard to tell."""
    lines = _LINES.findall(block)
    leads = [_LEAD.match(line)[0] for line in lines]  # type: ignore[index]
    if "```" in block or "~~~" in block or any(">" in lead for lead in leads):
        return COVER * len(block)
    kept = (_over(line) if _indented(lead) else line for line, lead in zip(lines, leads, strict=True))
    text = _LINKS.sub(_hidden, _without_spans("".join(kept)))
    if "](" in text or re.search(r"<[A-Za-z/!?]", text):
        return COVER * len(block)
    return _without_quotes(text)


def _indented(lead: str) -> bool:
    return "\t" in lead or "    " in lead


def _over(line: str) -> str:
    """A line under covers; its end stays."""
    said = line.rstrip("\r\n")
    return COVER * len(said) + line[len(said) :]


def _hidden(match: re.Match[str]) -> str:
    return COVER * len(match[0])


def _without_spans(text: str) -> str:
    """Code spans covered; from a run of backticks that never ends on, everything."""
    kept: list[str] = []
    at = 0
    while opened := _TICKS.match(text, at):
        closer = re.compile(rf"(?<!`)`{{{len(opened[1])}}}(?!`)").search(text, opened.end())
        end = closer.end() if closer else len(text)
        kept += [text[at : opened.start(1)], COVER * (end - opened.start(1))]
        at = end
    return "".join((*kept, text[at:]))


def _without_quotes(text: str) -> str:
    """Quoted text covered; where quotes do not open and close by turns, up to the end."""
    text = _TYPED.sub(_hidden, text)
    for marks in (r'"', rf"(?<!\w)'(?<!{COVER}')|'(?!\w)"):
        places = [match.start() for match in re.finditer(marks, text)]
        if places and not _by_turns(text, places):
            return text[: places[0]] + COVER * (len(text) - places[0])
        text = _with_covers(text, zip(places[::2], places[1::2], strict=True))
    return text


def _with_covers(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept: list[str] = []
    at = 0
    for first, last in spans:
        kept += [text[at:first], COVER * (last + 1 - first)]
        at = last + 1
    return "".join((*kept, text[at:]))


def _by_turns(text: str, places: list[int]) -> bool:
    """Whether the quotes at these places open and close by turns."""
    opens = all(not text[place - 1 : place].isalnum() and text[place + 1 : place + 2].strip() for place in places[::2])
    closes = all(text[place - 1].strip() and not text[place + 1 : place + 2].isalnum() for place in places[1::2])
    return len(places) % 2 == 0 and opens and closes
