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
_ASCIIDOC_BLOCK = re.compile(r"(-{4,}|\.{4,}|={4,}|\+{4,}|/{4,}|_{4,}|\*{4,}|```)\s*")


def headings_of(path: str) -> HeadingsOf:
    """What finds the headings of a file with this name."""
    suffix = PurePosixPath(path).suffix.lower()
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
        if fence and block in ("", fence[1]):
            block = "" if block else fence[1]
        elif not block and (heading := _ASCIIDOC_HEADING.fullmatch(line)):
            yield Heading(len(heading[1]), title_text(heading[2]), n, n + 1)
