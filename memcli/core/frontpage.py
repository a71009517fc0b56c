"""`MEMORY.md`: the store's front page, a function of its memories and this renderer's version.

At most 200 lines and 25,000 bytes, however large the store: pinned memories first, then topics by size with their
most recent memories, then what was left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

VERSION = 1
MAX_LINES, MAX_BYTES = 200, 25_000
_MAX_PINNED, _MAX_ATTENTION, _TITLE_BYTES = 40, 20, 120


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
    def conflict(self) -> bool: ...
    @property
    def attention(self) -> str | None: ...


def render(rows: Iterable[Row]) -> str:
    """The page for the active memories of a store, whatever their order."""
    memories = sorted(sorted(rows, key=lambda row: row.id), key=lambda row: row.modified, reverse=True)
    pinned = sorted((row for row in memories if row.pin), key=lambda row: row.id)[:_MAX_PINNED]
    open_ends = [row for row in memories if row.conflict or row.attention][:_MAX_ATTENTION]
    page = _Page(f"<!-- mem front page v{VERSION}: derived from the memories; 'mem promote' writes it -->")
    page.add("", "# Memory", "", f"{_count(len(memories), 'active memory', 'active memories')}. "
             "Recall with `mem recall WORDS`, read one with `mem show ID`.")  # fmt: skip
    for title, found in (("Pinned", pinned), ("To be settled", open_ends)):
        if found:
            page.add("", f"## {title}", "", *map(_line, found))
    _topics(page, memories)
    return page.text()


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _line(row: Row) -> str:
    title = row.title
    if len(title.encode()) > _TITLE_BYTES:
        title = title.encode()[: _TITLE_BYTES - 3].decode("utf-8", "ignore") + "…"
    flag = " (conflict)" if row.conflict else ""
    return f"- [{_escaped(title)}]({row.path}) {row.type} `{row.id[-6:]}`{flag}"


def _escaped(title: str) -> str:
    return title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _topics(page: _Page, memories: Sequence[Row]) -> None:
    """Every topic gets an even share of the lines that are left, the rest is counted."""
    topics: dict[str, list[Row]] = {}
    for row in memories:
        topics.setdefault(row.topic, []).append(row)
    order = sorted(topics, key=lambda topic: (-len(topics[topic]), topic))
    room = MAX_LINES - page.lines - 4
    share = max(1, min(room, room // max(1, len(order)) - 3))
    for place, topic in enumerate(order):
        block = ["", f"## {topic} ({len(topics[topic])})", "", *map(_line, topics[topic][:share])]
        if not page.fits(block, spare=3):
            page.add("", f"And {_count(len(order) - place, 'more topic', 'more topics')}: `mem list --topic TOPIC`.")
            return
        page.add(*block)
        if len(topics[topic]) > share:
            page.add(f"- … {len(topics[topic]) - share} more: `mem list --topic {topic}`")


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
