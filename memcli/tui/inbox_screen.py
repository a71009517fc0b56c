"""The inbox: all that waits on one side, the chosen candidate on the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Footer, Input, OptionList, Static

from memcli.cli.views.quantities import quantity, time_ago
from memcli.operations.memories.open_questions import open_questions
from memcli.operations.memories.store_questions import OpenQuestion
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.pending_decisions import KeptDecisions, pending_decisions
from memcli.operations.review.waiting import selected_candidates, waiting_candidates
from memcli.tui.background import Background, BackgroundJob
from memcli.tui.candidate_page import CandidatePage
from memcli.tui.deciding_screen import DecidingScreen
from memcli.tui.dialogs import ConfirmDialog
from memcli.tui.inbox_list import InboxList
from memcli.tui.inbox_row import BY_SESSION, BY_TOPIC, InboxRow, grouped, judged_rows, unjudged_rows
from memcli.tui.inbox_status import inbox_status
from memcli.tui.marks import Marks
from memcli.tui.safe_content import safe
from memcli.workspace import Workspace

WIDE = 110
"""Columns from which the list and the page stand side by side."""


class InboxScreen(DecidingScreen):
    """Shows what waits, titles first, then what the checks find."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012, the library's
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "app.search", "search", key_display="/", tooltip="Search what waits and the store"),
        Binding("f", "filter", "filter", show=False, tooltip="Show only what contains some words"),
        Binding("o", "app.questions", "questions", tooltip="Open questions, both sides of each"),
        Binding("h", "history", "history", show=False, tooltip="History of the memory"),
        Binding("t", "toggle_grouping", "group", show=False, tooltip="Group by topic or by session"),
        Binding("v", "toggle_keys", "keys", show=False, tooltip="Show or fold the front matter that changes"),
        Binding("n", "next", "next", show=False, tooltip="Go to the next undecided one"),
        Binding("J,shift+down", "scroll(3)", "scroll down", show=False, tooltip="Scroll the page down"),
        Binding("K,shift+up", "scroll(-3)", "scroll up", show=False, tooltip="Scroll the page up"),
        Binding("ctrl+r", "reload", "reload", show=False, tooltip="Read everything again"),
    ]

    def __init__(self, background: Background, marks: Marks) -> None:
        super().__init__(background, marks)
        self._now = datetime.now(UTC)
        self._grouping, self._words = BY_TOPIC, ""
        self._is_judged, self._questions = False, 0

    def compose(self) -> ComposeResult:
        yield Static(classes="status")
        with Container(classes="panes"):
            yield InboxList(self.marks)
            yield CandidatePage(self.background)
        yield Input(placeholder="words of the title, text, author or topic", classes="words")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Input).display = False
        self.list.focus()
        self.show_decisions()
        self.call_after_refresh(self.reload)

    # reading

    def reload(self) -> None:
        """Read titles, which is quick, then have everything checked."""
        self.background.read("titles", BackgroundJob(_titles, self._titles_read, self.actions.tell_error, self))

    def _titles_read(self, result: tuple[list[InboxRow], datetime]) -> None:
        if not self.rows:
            self._show_rows(*result)
        self.call_after_refresh(self._have_checked)

    def _have_checked(self) -> None:
        self.background.read("rows", BackgroundJob(_judged, self._judged_read, self.actions.tell_error, self))

    def _judged_read(self, result: tuple[list[InboxRow], datetime, KeptDecisions]) -> None:
        rows, now, kept = result
        is_first, starts_at_top = not self._is_judged, self.list.highlighted in (None, 1)
        self._is_judged = True
        dropped = self.marks.keep_only(rows)
        if dropped:
            text = f"{quantity(len(dropped), 'decision')} dropped: the candidates are gone or have changed"
            self.actions.tell(text, "warning")
            self.keep()
        self._show_rows(rows, now)
        if starts_at_top:
            self.list.choose(None)
        self.background.read("open", BackgroundJob(open_questions, self._questions_read, self.actions.tell_error, self))
        if is_first and kept.by_ref and not self.marks.by_key:
            self._offer(kept, now)

    def _questions_read(self, questions: Sequence[OpenQuestion]) -> None:
        self._questions = len(questions)
        self.show_decisions()

    def _offer(self, kept: KeptDecisions, now: datetime) -> None:
        """Ask whether to go on with decisions that an interruption has left."""

        def answered(answer: bool | None) -> None:
            self.marks.take_up(kept.by_ref)
            if not answer:
                self.marks.by_key.clear()
                self.keep()
            self.list.redraw()
            self.show_decisions()

        age = f" from {time_ago(kept.last, now)}" if kept.last else ""
        body = f"{quantity(len(kept.by_ref), 'decision')}{age} not applied yet"
        body += f"; {len(kept.dropped)} more no longer fit" if kept.dropped else ""
        self.app.push_screen(ConfirmDialog("Go on where you left off?", safe(body)), answered)

    def _show_rows(self, rows: Sequence[InboxRow], now: datetime) -> None:
        self.rows, self._now = rows, now
        self.query_one(CandidatePage).forget()
        self._show_list()

    def _show_list(self) -> None:
        rows = [row for row in self.rows if row.matches(self._words)]
        self.list.show(grouped(rows, self._grouping), self._now)
        self.show_decisions()

    def show_decisions(self) -> None:
        line = inbox_status(self.rows, self.list.rows, self.marks, self._is_judged, self._questions)
        self.query_one(".status", Static).update(line)
        self._show_page()

    def _show_page(self) -> None:
        page, row = self.query_one(CandidatePage), self.list.row
        if row is not None:
            waiting = [row.waiting for row in self.rows if row.waiting]
            page.show(row, self.marks.of(row), self._now, waiting)
        elif self._is_judged or self.rows:
            page.show_nothing("nothing contains these words" if self.rows else "nothing awaits review")

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        self._show_page()

    # what is shown

    def action_reload(self) -> None:
        self.reload()

    def action_filter(self) -> None:
        words = self.query_one(Input)
        words.display = True
        words.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._words = event.value
        self._show_list()

    def on_input_submitted(self) -> None:
        self.query_one(Input).display = bool(self._words)
        self.list.focus()

    def key_escape(self) -> None:
        """End the filter."""
        words = self.query_one(Input)
        words.value, words.display = "", False
        self.list.focus()

    def choose(self, key: CandidateRef) -> None:
        """Choose a row, whatever was filtered."""
        self.key_escape()
        self._words = ""
        self._show_list()
        self.list.choose(key)

    def action_toggle_grouping(self) -> None:
        self._grouping = BY_SESSION if self._grouping == BY_TOPIC else BY_TOPIC
        self._show_list()

    def action_toggle_keys(self) -> None:
        self.query_one(CandidatePage).toggle_keys()

    def action_next(self) -> None:
        self.list.choose_undecided()

    def action_scroll(self, lines: int) -> None:
        self.query_one(CandidatePage).scroll_lines(lines)

    def action_history(self) -> None:
        row = self.list.row
        if row and row.waiting:
            self.app.show_history(row.waiting.id, row.title, row.session)  # type: ignore[attr-defined]


def _titles(workspace: Workspace) -> tuple[list[InboxRow], datetime]:
    return unjudged_rows(selected_candidates(workspace)), workspace.now


def _judged(workspace: Workspace) -> tuple[list[InboxRow], datetime, KeptDecisions]:
    waiting = waiting_candidates(workspace)
    kept = pending_decisions(workspace).kept(waiting.candidates)
    return judged_rows(waiting.candidates, waiting.reviews), workspace.now, kept
