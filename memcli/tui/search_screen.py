"""Search as you type: first what waits in the inbox, then what the store knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input, OptionList, Static

from memcli.errors import MemError
from memcli.operations.recall.recall import Hit, Recalled, RecallRequest, recall
from memcli.operations.review.decisions import CandidateRef
from memcli.tui.background import Background, BackgroundJob
from memcli.tui.inbox_row import InboxRow
from memcli.tui.inbox_screen import WIDE
from memcli.tui.moving_list import MovingList
from memcli.tui.safe_content import BOLD, DIM, NOTED, NOTHING, joined, one_line_of, safe

PAUSE = 0.15
"""Seconds without a key after which the store is searched."""
MOST = 20
"""Memories that are shown, and as many of what waits."""


@dataclass(frozen=True)
class FoundEntry:
    """A waiting row or a hit of the store, with the text to show."""

    found: InboxRow | Hit
    body: str

    @property
    def title(self) -> str:
        return self.found.title if isinstance(self.found, InboxRow) else self.found.record.title


class SearchScreen(Screen[None]):
    """Searches while words are typed."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012, the library's
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "down", show=False, priority=True, tooltip="Go to the next result"),
        Binding("up,ctrl+p", "move(-1)", "up", show=False, priority=True, tooltip="Go to the result above"),
        Binding("enter", "open", "open", priority=True, tooltip="Go to it in the inbox, or to its history"),
        Binding("escape", "app.leave", "back", tooltip="Go back to the inbox"),
    ]

    def __init__(
        self, background: Background, rows: Sequence[InboxRow], choose: Callable[[CandidateRef], None]
    ) -> None:
        super().__init__()
        self._background, self._rows, self._choose = background, rows, choose
        self._waiting: list[FoundEntry] = []
        self._stored: list[FoundEntry] = []
        self._entries: list[FoundEntry | None] = []
        self._groups: list[tuple[str, list[FoundEntry]]] = []
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Input(placeholder="search what waits and the store", classes="words")
        with Container(classes="panes"):
            results = MovingList()
            results.can_focus = False
            yield results
            with VerticalScroll(classes="page", can_focus=False):
                yield Static(id="text")
        yield Footer(show_command_palette=False, compact=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        words = event.value.strip()
        rows = [row for row in self._rows if row.waiting and row.matches(words)] if words else []
        self._waiting = [FoundEntry(row, row.memory.body if row.memory else row.text) for row in rows[:MOST]]
        if self._timer:
            self._timer.stop()
        if words:
            self._timer = self.set_timer(PAUSE, partial(self._recall, words))
        else:
            self._stored = []
        self._show()

    def _recall(self, words: str) -> None:
        work = partial(recall, request=RecallRequest(words, limit=MOST, full=True, is_recorded=False))
        self._background.read("recall", BackgroundJob(work, self._recalled, self._not_recalled, self))

    def _recalled(self, recalled: Recalled) -> None:
        hits = [hit for hit in recalled.hits if hit.record.candidate_of is None]
        self._stored = [FoundEntry(hit, recalled.texts.get(hit.record.id, hit.snippet)) for hit in hits]
        self._show()

    def _not_recalled(self, error: MemError) -> None:
        self.query_one("#text", Static).update(safe(f"{error.message}\n{error.hint}", NOTED))

    def _show(self) -> None:
        results = self.query_one(MovingList)
        self._groups = [("Waiting", self._waiting), ("In the store", self._stored)]
        self._entries = [entry for _, members in self._groups if members for entry in (None, *members)]
        results.fill(self._lines_of, {place for place, entry in enumerate(self._entries) if entry is None})
        results.highlighted = 1 if self._entries else None
        self._show_page()

    def _lines_of(self, width: int) -> Iterator[Content]:
        for heading, members in self._groups:
            if members:
                yield one_line_of(heading, width, BOLD)
                yield from (one_line_of(f"  {member.title}", width) for member in members)

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        self._show_page()

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        self.action_open()

    @property
    def _result(self) -> FoundEntry | None:
        place = self.query_one(MovingList).highlighted
        return self._entries[place] if place is not None and place < len(self._entries) else None

    def _show_page(self) -> None:
        result = self._result
        words = self.query_one(Input).value.strip()
        text = _page(result) if result else safe("nothing found" if words else "", DIM)
        self.query_one("#text", Static).update(text)

    def action_move(self, lines: int) -> None:
        results = self.query_one(MovingList)
        (results.action_cursor_down if lines > 0 else results.action_cursor_up)()

    def action_open(self) -> None:
        result = self._result
        if result and isinstance(result.found, InboxRow):
            self.app.pop_screen()
            self._choose(result.found.key)
        elif result and isinstance(result.found, Hit):
            self.app.show_history(result.found.record.id, result.title)  # type: ignore[attr-defined]


def _page(result: FoundEntry) -> Content:
    """What a result says, and by whom."""
    found = result.found
    if isinstance(found, InboxRow):
        facts = f"waits in {found.session}, by {found.author}"
    else:
        record = found.record
        facts = f"{record.type} · {record.topic} · {record.status} · evidence {record.evidence or 'not stated'}"
        facts += f" · by {record.agent or 'a person'} · {record.modified[:10]}"
    return joined([safe(result.title, BOLD), safe(facts, DIM), NOTHING, safe(result.body.rstrip("\n"))])
