"""Cutting a markdown file into passages at its headings.

Invariant: a passage is a verbatim slice of whole lines, and the passages of a file do not overlap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from memcli.core.sources.passage_text import LONGEST_TITLE, MAX_BODY, title_text
from memcli.core.text.markdown import headings

MAX_SECTION = 6000
"""Characters; a longer section is cut at its own headings, then between paragraphs."""
HeadingsOf = Callable[[str], "list[Heading]"]
"""The headings of a text, in order: those of its markup."""
_FENCE_LINE = re.compile(r"[ \t]{0,12}(`{3,}|~{3,})")


@dataclass(frozen=True)
class Part:
    """A passage of a file.

    `title`: its heading (empty at the beginning of the file); `line`: where it starts, from 1; `text`: without the
    heading; `trail`: the headings above it without the file's title; `number`: which piece of its section it is;
    `text_line`: where the text starts, from 1.
    """

    title: str
    line: int
    text: str
    trail: tuple[str, ...] = ()
    number: int = 1
    text_line: int = 1

    def numbered(self, title: str) -> str:
        """A title for this piece, numbered where it is not the first of its section."""
        return title if self.number == 1 else f"{title[: LONGEST_TITLE - 12]} (part {self.number})"


@dataclass(frozen=True)
class Outline:
    """A file's title and its passages."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; `line` is where it starts and `below` the first line after it, counted from 0."""

    level: int
    title: str
    line: int
    below: int


def markdown_headings(body: str) -> list[Heading]:
    """The headings of a text in markdown."""
    lines = body.split("\n")
    found = [(heading.level, title_text(heading.title), heading.line - 1) for heading in headings(body)]
    return [Heading(level, title, line, _line_below(lines, line)) for level, title, line in found]


def outline(
    body: str,
    first_line: int = 1,
    limit: int = MAX_SECTION,
    headings_of: HeadingsOf = markdown_headings,
    is_whole: bool = False,
) -> Outline:
    """A file's title (its only heading of the highest level, if it comes first) and passages of about `limit`.

    `first_line`: the line of the file where the body starts; `is_whole`: cut only what is longer than `limit`.
    """
    lines = body.split("\n")
    inner = headings_of(body)
    title = _title(inner)
    if title:
        lines[title.line : title.below] = [""] * (title.below - title.line)
        inner = inner[1:]
    cutter = _Cutter(lines, first_line, limit)
    parts = cutter.region(inner, _TOP, len(lines), (), top=not is_whole)
    return Outline(title.title if title else "", tuple(part for part in parts if part.text))


_TOP = Heading(0, "", 0, 0)


def _title(headings: list[Heading]) -> Heading | None:
    if not headings:
        return None
    top = min(heading.level for heading in headings)
    alone = sum(heading.level == top for heading in headings) == 1
    first = headings[0] if alone and headings[0].level == top else None
    return first if first and (first.level == 1 or len(headings) > 1) else None


def _line_below(lines: list[str], line: int) -> int:
    """The first line after the heading at a line and its underline."""
    if not lines[line].lstrip(" >").startswith("#"):
        for n in range(line + 1, len(lines)):
            if re.fullmatch(r"[ >]*(=+|-+)[ \t]*", lines[n]):
                return n + 1
            if not lines[n].strip():
                break
    return line + 1


class _Cutter:
    """Cuts the lines of a body, the first of which is line `first_line` of the file, into parts of about `limit`."""

    def __init__(self, lines: list[str], first_line: int, limit: int) -> None:
        self.lines, self.first_line, self.limit = lines, first_line, limit

    def region(
        self, inner: list[Heading], heading: Heading, end: int, trail: tuple[str, ...], top: bool = False
    ) -> Iterator[Part]:
        """The lines from a heading to `end` as one part, or cut at the highest of the headings inside; `trail`: the
        headings above it."""
        size = sum(len(line) + 1 for line in self.lines[heading.line : end])
        if not inner or not (top or size > self.limit):
            yield from self.leaf(heading, end, trail)
            return
        level = min(each.level for each in inner)
        cuts = [n for n, each in enumerate(inner) if each.level == level]
        yield from self.leaf(heading, inner[cuts[0]].line, trail)
        below = (*trail, heading.title) if heading.title else trail
        for n, until in zip(cuts, [*cuts[1:], len(inner)], strict=True):
            stop = inner[until].line if until < len(inner) else end
            yield from self.region(inner[n + 1 : until], inner[n], stop, below)

    def leaf(self, heading: Heading, end: int, trail: tuple[str, ...]) -> Iterator[Part]:
        """The text below a heading in pieces of at most `limit`; the first piece starts at the heading's line."""
        begin = min(heading.below, end)
        for n, (offset, text) in enumerate(split_text("\n".join(self.lines[begin:end]), self.limit)):
            line = heading.line if n == 0 and heading.title else begin + offset
            yield Part(heading.title, line + self.first_line, text, trail, n + 1, begin + offset + self.first_line)


def split_text(text: str, limit: int, size: Callable[[str], int] = len) -> Iterator[tuple[int, str]]:
    """(line offset, text) of groups of paragraphs of at most `limit`, without blank lines and rules at their ends."""
    group: list[str] = []
    start = total = 0
    for offset, block in _blocks(text, limit, size):
        weight = size(block) + 1
        if group and total + weight > limit:
            yield from _trimmed(start, "\n".join(group))
            group, total = [], 0
        if not group:
            start = offset
        group.append(block)
        total += weight
    yield from _trimmed(start, "\n".join(group))


def _trimmed(offset: int, text: str) -> Iterator[tuple[int, str]]:
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or re.fullmatch(r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*", lines[-1])):
        lines.pop()
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines:
        yield offset + first, "\n".join(lines[first:]).rstrip()


def _blocks(text: str, limit: int, size: Callable[[str], int]) -> Iterator[tuple[int, str]]:
    """(line offset, text) of paragraphs with the blank lines after them; fences are kept whole.

    A block that exceeds `limit` by itself is cut into lines, a line that does into pieces.
    """
    for offset, lines in _paragraphs(text.split("\n")):
        block = "\n".join(lines)
        if size(block) < limit:
            yield offset, block
            continue
        for n, line in enumerate(lines):
            step = limit if size(line) < limit else max(1, limit // 4)
            for at in range(0, max(1, len(line)), step):
                yield offset + n, line[at : at + step]


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    start, fence = 0, ""
    for n, line in enumerate(lines):
        mark = _FENCE_LINE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip().strip("`~"):
            fence = ""
        ends = not line.strip() and not fence
        if ends and n + 1 < len(lines) and lines[n + 1].strip():
            yield start, lines[start : n + 1]
            start = n + 1
    yield start, lines[start:]


def split_to_fit(text: str) -> list[str]:
    """A text in as few pieces as fit into one memory each."""
    return [piece for _, piece in split_text(text, MAX_BODY, lambda piece: len(piece.encode()))]


def line_of(text: str, piece: str) -> int:
    """The line of a file where a piece of it starts, from 1."""
    return text.count("\n", 0, max(0, text.find(piece[:200]))) + 1


def passage_ref(path: str, text: str, piece: str, number: int) -> str:
    """The ref of a piece of a file's text, counted from 0: the path, with a line where it is not the first piece."""
    return f"{path}#L{line_of(text, piece)}" if number else path


def piece_title(title: str, number: int) -> str:
    """The title of a piece, counted from 0."""
    return f"{title} (part {number + 1})" if number else title
