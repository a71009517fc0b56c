"""The headings of decision records in markdown, reStructuredText and AsciiDoc, read line by line.

A record has few headings and all stand alone on their lines, so no parser is needed for a folder of a thousand records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath

from memcli.core.sources.documents.markup import headings_of
from memcli.core.sources.passage_text import title_text
from memcli.core.sources.sections import Heading

_NUMBERED = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_RST_UNDERLINE = re.compile(r"([=\-~^\"'`+*#.:_])\1{2,}[ \t]*")
LONGEST_HEADING, MANY = 300, 400


def record_headings(path: str, lines: Sequence[str]) -> list[Heading]:
    """The headings of a record's lines, in which fenced code is empty."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in (".adoc", ".asciidoc", ".asc"):
        text = "\n".join(lines)
        return headings_of(path, text)(text)
    headings = _rst_headings(lines) if suffix in (".rst", ".rest") else _markdown_headings(lines)
    return list(islice(headings, MANY))


def _markdown_headings(lines: Sequence[str]) -> Iterator[Heading]:
    for n, line in enumerate(lines):
        if match := _NUMBERED.fullmatch(line[:LONGEST_HEADING]):
            yield Heading(len(match[1]), title_text(match[2] or ""), n, n + 1)
        elif n + 1 < len(lines) and _is_title(lines, n) and (mark := _UNDERLINE.fullmatch(lines[n + 1])):
            yield Heading(1 if mark[1][0] == "=" else 2, title_text(line), n, n + 2)


def _is_title(lines: Sequence[str], n: int) -> bool:
    """Whether a line can be a heading that the next one underlines: a paragraph of its own."""
    alone = n == 0 or not lines[n - 1].strip()
    is_text = re.match(r" {0,3}[^\s>|#*+=-]", lines[n]) is not None
    return alone and is_text and len(lines[n]) <= LONGEST_HEADING


def _rst_headings(lines: Sequence[str]) -> Iterator[Heading]:
    marks: list[str] = []
    for n, line in enumerate(lines[:-1]):
        mark = _RST_UNDERLINE.fullmatch(lines[n + 1])
        if (
            mark
            and line[:1].strip()
            and not _RST_UNDERLINE.fullmatch(line)
            and len(line) <= len(lines[n + 1].rstrip()) + 2
        ):
            over = n > 0 and lines[n - 1].rstrip() == lines[n + 1].rstrip()
            kind = mark[1] + "!" * over
            marks += [kind] if kind not in marks else []
            yield Heading(marks.index(kind) + 1, title_text(line), n - over, n + 2)
