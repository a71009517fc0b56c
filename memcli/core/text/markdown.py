"""The home of markdown's structure, and of markdown-it-py: headings, sections, blocks and links of a body.

Sections and blocks are slices of whole lines of the source, and lines are counted from 1. markdown-it costs 100 ms to
import: titles and wiki links in mere prose come from `prose`, which does without.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from memcli.core.text.prose import SCANNED, WIKI, Link, first_title, strip_markup, wiki_link, wiki_links

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["Heading", "Link", "Section", "blocks", "first_title", "headings", "links", "sections", "wiki_links"]


class Heading(NamedTuple):
    """A heading outside quotes, lists and code; `title` without markup."""

    level: int
    title: str
    line: int


class Section(NamedTuple):
    """What stands below a heading up to the next one of any level; level 0 is the text above the first heading."""

    level: int
    title: str
    line: int
    text: str
    parents: tuple[str, ...] = ()


def headings(text: str) -> list[Heading]:
    """The headings, in order."""
    return [heading for heading, _ in _headings(text)]


def sections(text: str) -> list[Section]:
    """The sections, in order; the text above the first heading comes first, if there is any."""
    lines = _lines(text)
    found = _headings(text)
    starts = [heading.line - 1 for heading, _ in found]
    preamble = "".join(lines[: starts[0] if starts else len(lines)])
    result = [Section(0, "", 1, preamble)] if preamble.strip() else []
    above: list[Heading] = []
    for (heading, begin), end in zip(found, [*starts, len(lines)][1:], strict=True):
        above = [other for other in above if other.level < heading.level]
        parents = tuple(other.title for other in above)
        result.append(Section(*heading, "".join(lines[begin:end]), parents))
        above.append(heading)
    return result


def blocks(text: str) -> list[str]:
    """The text cut before every heading, paragraph, top-level list item, fence, table …: joined they are the text."""
    lines = _lines(text)
    starts = sorted({start for start in _block_starts(text) if 0 < start < len(lines)})
    cuts = [0, *starts, len(lines)]
    return ["".join(lines[start:end]) for start, end in pairwise(cuts) if start < end]


def _lines(text: str) -> list[str]:
    """The lines as markdown counts them, with their ends."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def _headings(text: str) -> list[tuple[Heading, int]]:
    """The headings, each with the number of lines up to its end (it may be two or more lines with an underline)."""
    tokens = _blocks_only().parse(text)
    return [
        (Heading(int(token.tag[1]), strip_markup(tokens[place + 1].content[:SCANNED]), token.map[0] + 1), token.map[1])
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _block_starts(text: str) -> Iterator[int]:
    for token in _blocks_only().parse(text):
        if (
            token.map
            and token.nesting >= 0
            and (token.level == 0 or (token.level, token.type) == (1, "list_item_open"))
        ):
            yield token.map[0]


@functools.cache
def _blocks_only() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


# Links


def links(text: str) -> list[Link]:
    """The links outside code, in order; images are none."""
    if "[" not in text and "<" not in text:
        return []
    simple = not re.search(r"[`\\<\t\r]|~~~|\][(:]| {4}", text)  # no code, escape, HTML or other link is possible
    return wiki_links(text) if simple else list(_all_links(text))


def _all_links(text: str) -> Iterator[Link]:
    for block in _with_inlines().parse(text):
        children = block.children or []
        first = block.map[0] + 1 if block.map else 0
        for place, token in enumerate(children):
            if token.type == "wikilink":
                yield wiki_link(token.meta["match"], first + token.meta["line"])
            elif token.type == "link_open":
                yield Link(str(token.attrs["href"]), _label(children[place + 1 :]), first + token.meta["line"])


def _label(children: list[Any]) -> str:
    words = []
    for token in children:
        if token.type == "link_close":
            break
        words.append(" " if token.type in ("softbreak", "hardbreak") else token.content)
    return " ".join("".join(words).split())


@functools.cache
def _with_inlines() -> MarkdownIt:
    """A parser that knows wiki links, notes on which line of its block a link stands, and leaves targets alone."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import autolink, link

    markdown = MarkdownIt("commonmark").enable("table")
    markdown.normalizeLink = str  # type: ignore[method-assign, assignment]
    markdown.validateLink = bool  # type: ignore[method-assign, assignment]
    markdown.inline.ruler.at("link", _with_line(link))
    markdown.inline.ruler.at("autolink", _with_line(autolink))
    markdown.inline.ruler.before("link", "wikilink", _wikilink_rule)
    return markdown


def _with_line(rule: Callable[[Any, bool], bool]) -> Callable[[Any, bool], bool]:
    def counted(state: Any, silent: bool) -> bool:
        begin, place = state.pos, len(state.tokens)
        found = rule(state, silent)
        for token in state.tokens[place:]:
            token.meta.setdefault("line", state.src.count("\n", 0, begin))
        return found

    return counted


def _wikilink_rule(state: Any, silent: bool) -> bool:
    match = WIKI.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("wikilink", "", 0)
        token.meta = {"match": match, "line": state.src.count("\n", 0, state.pos)}
        token.content = wiki_link(match, 0).label
    state.pos = match.end()
    return True
