"""The list of the inbox: rows below the headings of their groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from textual.content import Content

from memcli.operations.review.decisions import CandidateRef
from memcli.tui.inbox_row import InboxRow, RowGroup
from memcli.tui.marks import Marks
from memcli.tui.moving_list import MovingList
from memcli.tui.row_content import heading_line, row_line


class InboxList(MovingList):
    """Shows groups of rows; headings cannot be chosen."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self._groups: Sequence[RowGroup] = ()
        self._entries: list[InboxRow | None] = []
        self._now = datetime.now(UTC)

    def show(self, groups: Sequence[RowGroup], now: datetime) -> None:
        """Show other rows; the chosen one stays chosen, else the one that takes its place."""
        row, place = self.row, self.highlighted or 0
        self._groups, self._now = groups, now
        self._entries = [entry for group in groups for entry in (None, *group.rows)]
        self.fill(self._lines_of, {number for number, entry in enumerate(self._entries) if entry is None})
        self.choose(row.key if row else None, place)

    @property
    def row(self) -> InboxRow | None:
        """The chosen row."""
        place = self.highlighted
        return self._entries[place] if place is not None and place < len(self._entries) else None

    @property
    def group(self) -> RowGroup | None:
        """The group of the chosen row."""
        row = self.row
        return next((group for group in self._groups if row in group.rows), None) if row else None

    @property
    def rows(self) -> list[InboxRow]:
        """All rows that are shown."""
        return [row for group in self._groups for row in group.rows]

    def choose(self, key: CandidateRef | None, place: int = 0) -> None:
        """Choose a row; the one at a place or the next below where it is not there."""
        places = {row.key: number for number, row in enumerate(self._entries) if row}
        below = (number for number in places.values() if number >= place)
        last = max(places.values(), default=None)
        self.highlighted = places[key] if key in places else next(below, last)

    def choose_undecided(self) -> None:
        """Choose the next row without a decision, from the chosen one down and then from the top."""
        start = (self.highlighted or 0) + 1
        places = [*range(start, len(self._entries)), *range(start)]
        open_places = (n for n in places if (row := self._entries[n]) and self._marks.of(row) is None)
        self.highlighted = next(open_places, self.highlighted)

    def _lines_of(self, width: int) -> Iterator[Content]:
        for group in self._groups:
            yield heading_line(group, len(group.rows) - len(self._marks.undecided(group.rows)), width)
            yield from (row_line(row, self._marks.of(row), width, self._now) for row in group.rows)
