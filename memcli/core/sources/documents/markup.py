"""The headings of documents in markdown, reStructuredText, AsciiDoc and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import title_text
from memcli.core.sources.sections import Heading, HeadingsOf, markdown_headings
from memcli.core.text.restructured_text import rst_headings

SUFFIXES = frozenset((".md", ".markdown", ".mdx", ".rst", ".rest", ".adoc", ".asciidoc", ".asc", ".txt"))
_ASCIIDOC_HEADING = re.compile(r"(={1,6})[ \t]+(\S.{0,300})")
_UNDERLINES = "=-~^+"
_ASCIIDOC_BLOCK = re.compile(r"(-{4,}|\.{4,}|={4,}|\+{4,}|/{4,}|_{4,}|\*{4,}|```)\s*")


def headings_of(path: str, text: str = "") -> HeadingsOf:
    """What finds the headings of a file with this name and, where it has no suffix, this text."""
    suffix = PurePosixPath(path).suffix.lower()
    if not suffix and re.search(r"(?m)^={2,5} \S", text):
        return _asciidoc_headings
    if suffix in (".rst", ".rest"):
        return _rst_headings
    return _asciidoc_headings if suffix in (".adoc", ".asciidoc", ".asc") else markdown_headings


def _rst_headings(body: str) -> list[Heading]:
    return [Heading(level, title, line - 1, below - 1) for level, title, line, below in rst_headings(body)]


def _asciidoc_headings(body: str) -> list[Heading]:
    return list(_asciidoc(body.split("\n")))


def _asciidoc(lines: list[str]) -> Iterator[Heading]:
    block = ""
    for n, line in enumerate(lines):
        fence = _ASCIIDOC_BLOCK.fullmatch(line)
        if not block and (level := _underline(line, lines[n - 1] if n else "")):
            yield Heading(level, title_text(lines[n - 1]), n - 1, n + 1)
        elif fence and block in ("", fence[1]):
            block = "" if block else fence[1]
        elif not block and (heading := _ASCIIDOC_HEADING.fullmatch(line)):
            yield Heading(len(heading[1]), title_text(heading[2].rstrip(" =")), n, n + 1)


def _underline(line: str, title: str) -> int:
    """The level of a heading of two lines, 0 where the second does not underline the first."""
    mark = line[:1]
    is_rule = mark in _UNDERLINES and not line.strip().strip(mark) and abs(len(line.strip()) - len(title)) < 3
    return _UNDERLINES.index(mark) + 1 if mark and is_rule and title[:1].isalnum() and len(title) > 2 else 0
