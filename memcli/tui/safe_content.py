"""Text from a store as content of the screen: never read as markup, control and direction characters escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from textual.content import Content

from memcli.cli.views.output import printable

DIM, BOLD = "dim", "bold"
ACCEPTED, REFUSED, NOTED = "bold $text-success", "bold $text-error", "bold $text-warning"
DIFFERENT = "bold underline $text-warning"
NOTHING = Content("")


def safe(text: str, style: str = "") -> Content:
    """A text in one style."""
    return Content.styled(printable(text).replace("\t", "    "), style) if text else NOTHING


def one_line_of(text: str, width: int, style: str = "") -> Content:
    """A text as one line of exactly that many cells."""
    line = safe(" ".join(text.split()), style)
    cut = line.truncate(max(width, 1), ellipsis=True)
    return cut.pad_right(max(0, width - cut.cell_length))


def joined(lines: Iterable[Content]) -> Content:
    """Lines below each other."""
    return Content("\n").join(lines)


def indented(content: Content, margin: str, width: int) -> Content:
    """Content, wrapped to a width, with a margin before each of its lines."""
    lines = content.wrap(max(width - len(margin), 20))
    return joined(Content.styled(margin, DIM) + line for line in lines)


def diff_content(old: str, new: str) -> Content:
    """What a text says against what it said, line by line."""
    return joined(_diff_lines(old.splitlines(), new.splitlines()))


def _diff_lines(old: list[str], new: list[str]) -> Iterator[Content]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (safe(f"  {line}") for line in new[j1:j2])
            continue
        yield from (safe(f"- {line}", "$text-error") for line in old[i1:i2])
        yield from (safe(f"+ {line}", "$text-success") for line in new[j1:j2])


def with_differences(text: str, other: str) -> Content:
    """A text in which the words that another one has not are highlighted."""
    words, others = _words(text), _words(other)
    content = NOTHING
    for tag, i1, i2, _, _ in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        content += safe("".join(words[i1:i2]), "" if tag == "equal" else DIFFERENT)
    return content


def _words(text: str) -> list[str]:
    """A text in pieces: words, and the white space between them."""
    return [piece for piece in re.split(r"(\s+)", text) if piece]
