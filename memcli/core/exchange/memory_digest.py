"""What a memory says, as one clean line: for indexes, descriptions and lists of other tools."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memcli.core.exchange.body_links import BodyLink, relinked
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.pack.excerpt import SCANNED, flat_text
from memcli.core.pack.frame import clean, shortened


def line_title(memory: Memory) -> str:
    """The title as text that neither breaks a line nor ends the text of a link in markdown."""
    return clean(memory.title).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def digest(memory: Memory, room: int) -> str:
    """The beginning of the body, at most so many characters, without the title where the body begins with it; the
    title where nothing else is left."""
    title, text = clean(memory.title), flat_text(_labelled(memory.body))
    return shortened(_without_title(title, text) or text or title, room)


def titled_digest(memory: Memory, room: int) -> str:
    """The title and the beginning of the body."""
    title, text = clean(memory.title), flat_text(_labelled(memory.body))
    rest = _without_title(title, text)
    if rest == text:
        return shortened(f"{title}: {text}", room)
    first = title.rstrip(":") + ("" if title.endswith((".", "!", "?", "…")) else ": ")
    return shortened(f"{first.rstrip()} {rest}" if rest else text, room)


def body_lines(memory: Memory) -> Iterator[str]:
    """The lines of a body, each clean, without headings' marks, fences and a first line that is the title."""
    title, is_first = _bare(clean(memory.title)), True
    for line in _labelled(memory.body)[:SCANNED].split("\n"):
        text = clean(re.sub(r"^(?:#{1,6}\s+|>\s?|#+)+", "", line.strip()))
        if text and not re.match(r"`{3}|~{3}|`$|~$", line.strip()) and not (is_first and _bare(text) == title):
            yield text
        is_first = is_first and not text


def _without_title(title: str, text: str) -> str:
    """A text without the title that it begins with; the whole text where it begins with something else."""
    length = next((n for n in range(len(text) + 1) if _bare(text[:n]) == _bare(title)), -1) if title else -1
    if length < 0 or (text[length : length + 1].isalnum()):
        return text
    return text[length:].lstrip(" .:!?…*`")


def _bare(text: str) -> str:
    return re.sub(r"[`*]", "", text).strip().rstrip(".:…").casefold()


def _labelled(body: str) -> str:
    """A body with the labels of links to memories in their place."""
    return relinked(body, _label)


def _label(link: BodyLink) -> str:
    return link.label or short(link.target.upper())
