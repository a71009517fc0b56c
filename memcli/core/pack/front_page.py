"""`MEMORY.md`: the store's front page, a function of its memories and this renderer's version.

At most 200 lines and 25,000 bytes, however large the store: pinned memories first, then topics by size with their
most recent memories, then what was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from memcli.core.memory.questions import Question

VERSION = 2
MAX_LINES, MAX_BYTES = 200, 25_000
_MAX_PINNED, _MAX_UNSETTLED, _TITLE_BYTES, _MAX_BRIEFS = 40, 20, 120, 3


class Row(Protocol):
    """What the page needs of an active memory."""

    @property
    def id(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def modified(self) -> str: ...
    @property
    def pin(self) -> bool: ...
    @property
    def questions(self) -> Sequence[Question]: ...


class Shelf(Protocol):
    """The active memories of a store, read only as far as the page shows them: a larger store costs no more."""

    def topics(self) -> Sequence[tuple[str, int]]:
        """The topics and how many memories each has, the largest first, then by name."""

    def recent(self, topic: str, limit: int) -> Sequence[Row]:
        """The memories of a topic, last modified first, then by id."""

    def pinned(self, limit: int) -> Sequence[Row]:
        """The pinned memories, by id."""

    def unsettled(self, limit: int) -> Sequence[Row]:
        """The memories with open questions, last modified first, then by id."""


class Rows:
    """A shelf of rows in memory, given in any order."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = sorted(sorted(rows, key=lambda row: row.id), key=lambda row: row.modified, reverse=True)

    def topics(self) -> list[tuple[str, int]]:
        return sorted(Counter(row.topic for row in self._rows).items(), key=lambda item: (-item[1], item[0]))

    def recent(self, topic: str, limit: int) -> list[Row]:
        return [row for row in self._rows if row.topic == topic][:limit]

    def pinned(self, limit: int) -> list[Row]:
        return sorted((row for row in self._rows if row.pin), key=lambda row: row.id)[:limit]

    def unsettled(self, limit: int) -> list[Row]:
        return [row for row in self._rows if row.questions][:limit]


def front_page_of(rows: Iterable[Row]) -> str:
    """The page for the active memories of a store, given in any order."""
    return page_of(Rows(rows))


def page_of(shelf: Shelf) -> str:
    """The page for the active memories on a shelf."""
    topics = shelf.topics()
    page = _Page(f"<!-- mem front page v{VERSION}: derived from the memories; 'mem promote' writes it -->")
    total = sum(size for _, size in topics)
    page.add("", "# Memory", "", f"{_count(total, 'active memory', 'active memories')}. "
             "Recall with `mem recall WORDS`, read one with `mem show ID`.")  # fmt: skip
    parts = (("Pinned", shelf.pinned(_MAX_PINNED)), ("Open questions", shelf.unsettled(_MAX_UNSETTLED)))
    for title, rows in parts:
        if rows:
            page.add("", f"## {title}", "", *map(_line, rows))
    _topics(page, topics, shelf)
    return page.text()


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"


def _line(row: Row) -> str:
    title = row.title
    if len(title.encode()) > _TITLE_BYTES:
        title = title.encode()[: _TITLE_BYTES - 3].decode("utf-8", "ignore") + "…"
    briefs = dict.fromkeys(question.brief for question in row.questions)
    asked = ", ".join(list(briefs)[:_MAX_BRIEFS])
    return f"- [{_escaped(title)}]({row.path}) {row.type} `{row.id[-6:]}`" + (f" ({asked})" if asked else "")


def _escaped(title: str) -> str:
    return title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _topics(page: _Page, topics: Sequence[tuple[str, int]], shelf: Shelf) -> None:
    """Give every topic an even share of the remaining lines, and count the rest."""
    room = MAX_LINES - page.lines - 4
    share = max(1, min(room, room // max(1, len(topics)) - 3))
    for place, (topic, size) in enumerate(topics):
        block = ["", f"## {topic} ({size})", "", *map(_line, shelf.recent(topic, share))]
        if not page.fits(block, spare=3):
            page.add("", f"And {_count(len(topics) - place, 'more topic', 'more topics')}: `mem list --topic TOPIC`.")
            return
        page.add(*block)
        if size > share:
            page.add(f"- … {size - share} more: `mem list --topic {topic}`")


class _Page:
    def __init__(self, first: str) -> None:
        self._lines = [first]

    @property
    def lines(self) -> int:
        return len(self._lines)

    def add(self, *lines: str) -> None:
        self._lines += lines

    def fits(self, block: Sequence[str], spare: int) -> bool:
        size = sum(len(line.encode()) + 1 for line in (*self._lines, *block))
        return self.lines + len(block) + spare <= MAX_LINES and size + 100 * spare <= MAX_BYTES

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"
