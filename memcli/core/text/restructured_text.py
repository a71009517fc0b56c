"""The structure of reStructuredText, and the only home of docutils: the headings of a text and where they stand.

Only what can be a heading is given to docutils: no directive runs, no file is included, nothing is reported, and
hostile text takes no longer than other text. docutils takes 60 ms to import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from memcli.core.text.prose import SCANNED

if TYPE_CHECKING:
    from docutils import nodes

LONGEST_LINE, LONGEST_TEXT = 300, 200_000
"""Characters in which headings are looked for: docutils takes up to 15 s for a million."""
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1{1,}\s*")
_EXPLICIT = re.compile(r"\.\.(?:\s|$)|__ |[|+]")
"""How explicit markup, line blocks and tables begin."""
_DEEP_LIST = re.compile(r"(?:(?:[-*+•‣⁃]|\w{1,3}[.)]|\(\w{1,3}\)) {1,4}){9}")
"""How a list within eight others begins, on which docutils takes time that grows with the square of their number."""


class RstHeading(NamedTuple):
    """A heading: `title` without markup, `line` where it starts (its overline, if any), `below` the first line after
    its underline; both from 1."""

    level: int
    title: str
    line: int
    below: int


def rst_headings(text: str) -> list[RstHeading]:
    """The headings of a text outside directives, quotes and lists, in order; none of a text that docutils fails on."""
    lines = text.split("\n")
    try:
        document = _parsed("\n".join(_outlines(lines))[:LONGEST_TEXT])
        return list(_headings(document, lines))
    except Exception:  # docutils raises errors of many types on text that is no reStructuredText
        return []


def rst_plain(text: str) -> str:
    """One line of text without the signs of roles, literals, links and emphasis."""
    text = re.sub(r":[\w:+.-]{1,60}:`", "`", text[:SCANNED])
    text = re.sub(r"`([^`<]{0,200}?)\s*<[^`<>]{1,300}>`_{0,2}", r"\1", text)
    return " ".join(re.sub(r"`{1,2}_{0,2}|\*{1,2}(?=\S)|(?<=\S)\*{1,2}|\\", "", text).split())


def _outlines(lines: list[str]) -> Iterator[str]:
    """The lines that may be headings or the prose between them, empty ones for the rest."""
    explicit = False
    for n, line in enumerate(lines):
        indented = line[:1] in (" ", "\t")
        overlined = n > 0 and _RULE.fullmatch(lines[n - 1]) is not None
        explicit = bool(_EXPLICIT.match(line)) or (explicit and (indented or not line.strip()))
        is_left_out = explicit or (indented and not overlined) or _DEEP_LIST.match(line)
        yield "" if is_left_out else line[:LONGEST_LINE]


def _parsed(text: str) -> nodes.document:
    from docutils import frontend, nodes, utils
    from docutils.parsers.rst import Parser, states

    class Unmarked(states.Inliner):
        """Leaves inline markup as it is, and notes on which line a text stands."""

        def init_customizations(self, settings: Any) -> None:
            del settings

        def parse(self, text: str, lineno: int, memo: Any, parent: Any) -> tuple[list[nodes.Node], list[Any]]:
            del memo, parent
            node = nodes.Text(text)
            node.line = lineno
            return [node], []

    settings = frontend.get_default_settings(Parser)
    for key, value in _SAFE.items():
        setattr(settings, key, value)
    document = utils.new_document("text", settings)
    Parser(inliner=Unmarked()).parse(text, document)
    return document


_SAFE = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "warning_stream": False,
    "_disable_config": True,
    "line_length_limit": LONGEST_LINE + 1,
}


def _headings(document: nodes.document, lines: list[str]) -> Iterator[RstHeading]:
    from docutils import nodes

    levels: dict[int, int] = {}
    above = 1
    for section in document.findall(nodes.section):
        levels[id(section)] = level = levels.get(id(section.parent), 0) + 1
        title = next(iter(section[0].children), None)
        if isinstance(title, nodes.Text):
            heading = _placed(level, str(title), title.line or 1, lines, above)
            above = heading.below
            yield heading


def _placed(level: int, title: str, near: int, lines: list[str], above: int) -> RstHeading:
    """The heading at the line nearest to the one that docutils names (its title or its underline); `above`: the first
    line that is not part of the heading before it."""
    rows = (n for n in (near - 1, near - 2, near) if 0 <= n < len(lines) and lines[n].strip()[:50] == title[:50])
    row = next(rows, min(max(near - 1, 0), len(lines) - 1))
    under = row + 1 < len(lines) and _RULE.fullmatch(lines[row + 1]) is not None
    over = row >= above and under and lines[row - 1][:1] == lines[row + 1][:1]
    return RstHeading(level, rst_plain(title), row + 1 - over, row + 2 + under)
