"""The program of `mem ui`: its screens, the keys that work everywhere, and how it ends."""

from __future__ import annotations

import asyncio
import signal
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from memcli.cli.options import Call
from memcli.errors import EXIT_INTERRUPTED
from memcli.tui.background import Background
from memcli.tui.inbox_screen import InboxScreen
from memcli.tui.marks import Marks

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
        self.marks = Marks()
        self.inbox = InboxScreen(self.background, self.marks, lambda: None)

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.action_interrupt)
        self.push_screen(self.inbox)

    def action_interrupt(self) -> None:
        self.exit(EXIT_INTERRUPTED, EXIT_INTERRUPTED)

    def action_leave(self) -> None:
        if self.screen is self.inbox:
            self.exit(0)
        else:
            self.pop_screen()

    def action_toggle_theme(self) -> None:
        self.theme = LIGHT if self.theme == DARK else DARK


def run_ui(call: Call) -> int:
    """Run until a person leaves; the exit code."""
    ui = MemUi(call)
    code = ui.run()
    ui.background.finish()
    return code or 0
