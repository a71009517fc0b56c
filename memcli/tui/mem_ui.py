"""The program of `mem ui`: its screens, the keys that work everywhere, and how it ends.

A first frame stands before anything of the store is imported or read; the inbox follows.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, Monochrome
from textual.widgets import Footer, Static

from memcli.cli.options import Call
from memcli.errors import EXIT_INTERRUPTED
from memcli.tui.background import Background

if TYPE_CHECKING:
    from memcli.tui.inbox_screen import InboxScreen

DARK, LIGHT = "textual-dark", "textual-light"


class MemUi(App[int]):
    """Shows the inbox; the other screens lie on top of it."""

    CSS_PATH = "style.tcss"
    TITLE = "mem"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "help", key_display="?", tooltip="Show all keys"),
        Binding("q", "leave", "quit", tooltip="Go back; from the inbox: quit, decisions are kept"),
        Binding("d", "toggle_theme", "theme", show=False, tooltip="Switch between a dark and a light theme"),
        Binding("ctrl+c", "interrupt", "interrupt", show=False, priority=True, tooltip="Quit; decisions are kept"),
    ]

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.background = Background(self, call)
        self._monochrome = [Monochrome()] if call.flags.color == "never" and not self.no_color else []
        self.inbox: InboxScreen | None = None
        self.failure: Exception | None = None

    def compose(self) -> ComposeResult:
        yield Static("mem  reading what waits…", markup=False, classes="status")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.action_interrupt)
        self.call_after_refresh(self._open_inbox)

    def _open_inbox(self) -> None:
        from memcli.tui.inbox_screen import InboxScreen
        from memcli.tui.marks import Marks

        self.inbox = InboxScreen(self.background, Marks())
        self.push_screen(self.inbox)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters of everything that is drawn; `--color never` takes the colours away."""
        return [*super().get_line_filters(), *self._monochrome]

    def _handle_exception(self, error: Exception) -> None:
        """End, and leave an error of our own to the command line, which tells it without a traceback."""
        if self.is_headless:
            super()._handle_exception(error)
        self.failure = self.failure or error
        self.exit(1)

    def action_interrupt(self) -> None:
        self.exit(EXIT_INTERRUPTED, EXIT_INTERRUPTED)

    def action_leave(self) -> None:
        if len(self.screen_stack) > 2:
            self.pop_screen()
        else:
            self.exit(0)

    def action_help(self) -> None:
        from memcli.tui.dialogs import PageDialog
        from memcli.tui.key_table import help_content, key_sections

        self.push_screen(PageDialog("Keys", help_content([*key_sections(), ("Everywhere", self.BINDINGS)])))

    def action_questions(self) -> None:
        from memcli.tui.questions_screen import QuestionsScreen

        if self.inbox:
            self.push_screen(QuestionsScreen(self.background, self.inbox.reload))

    def action_search(self) -> None:
        from memcli.tui.search_screen import SearchScreen

        if self.inbox:
            self.push_screen(SearchScreen(self.background, self.inbox.rows, self.inbox.choose))

    def show_history(self, memory_id: str, title: str, session: str | None = None) -> None:
        """Show the history of a memory, or of a session's candidate."""
        from memcli.tui.history_screen import HistoryScreen, HistorySubject

        self.push_screen(HistoryScreen(self.background, HistorySubject(memory_id, title, session)))

    def action_toggle_theme(self) -> None:
        self.theme = LIGHT if self.theme == DARK else DARK


class UiEnd(NamedTuple):
    """How the interface was left: the exit code, and how many decisions are kept for the next time."""

    code: int
    kept: int


def run_ui(call: Call) -> UiEnd:
    """Run until a person leaves. Raises what went wrong inside."""
    ui = MemUi(call)
    code = ui.run()
    ui.background.finish()
    if ui.failure:
        raise ui.failure
    return UiEnd(code or 0, len(ui.inbox.marks.by_key) if ui.inbox else 0)
