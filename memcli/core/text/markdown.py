"""The structure of markdown bodies, and the only home of markdown-it-py: headings, blocks, and bodies as HTML.

Blocks are slices of whole source lines; lines are counted from 1. markdown-it takes 100 ms to import, so titles come
from `prose`, which does without it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from memcli.core.text.prose import SCANNED, strip_markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


class MarkdownHeading(NamedTuple):
    """A heading outside quotes, lists and code; `title` has no markup."""

    level: int
    title: str
    line: int


def headings(text: str) -> list[MarkdownHeading]:
    """The headings of a text, in order."""
    tokens = _parser().parse(text)
    return [
        MarkdownHeading(int(token.tag[1]), strip_markup(tokens[n + 1].content[:SCANNED]), token.map[0] + 1)
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def blocks(text: str) -> list[str]:
    """The text cut before every heading, paragraph, top-level list item, fence or table; joined they are the text."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)  # lines as markdown counts them, with their ends
    starts = sorted({start for start in _block_starts(text) if 0 < start < len(lines)})
    cuts = [0, *starts, len(lines)]
    return ["".join(lines[start:end]) for start, end in pairwise(cuts) if start < end]


def _block_starts(text: str) -> Iterator[int]:
    for token in _parser().parse(text):
        top = token.level == 0 or (token.level, token.type) == (1, "list_item_open")
        if token.map and token.nesting >= 0 and top:
            yield token.map[0]


@functools.cache
def _parser() -> MarkdownIt:
    """A parser of block structure only."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


_ACTIVE = ["link", "image", "autolink", "reference", "html_inline", "html_block", "entity"]
"""What would lead somewhere, load something, or stand for other characters: shown as it was written."""


def inert_html(text: str) -> str:
    """A body as HTML in which nothing is active; its headings are paragraphs of the class `heading`."""
    parser = _renderer()
    tokens = parser.parse(text)
    for token in tokens:
        token.attrs.pop("style", None)  # how a table's column is aligned
        token.info = ""  # of a fence; it would become a class
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
            token.attrs = {"class": "heading"} if token.nesting > 0 else {}
    return str(parser.renderer.render(tokens, parser.options, {}))


@functools.cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(_ACTIVE)
