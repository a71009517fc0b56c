"""Questions that the interface asks before it goes on: yes or no, a line of text, and help to read."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from memcli.tui.safe_content import BOLD, DIM, safe


class ConfirmDialog(ModalScreen[bool]):
    """Shows what will happen; whether a person wants it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter,y", "answer(True)", "yes"),
        ("escape,n,q", "answer(False)", "no"),
        ("down,j", "scroll(1)", "scroll"),
        ("up,k", "scroll(-1)", "scroll"),
    ]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self._title, self._body = title, body

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._title, BOLD))
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(self._body)
            yield Static(safe("enter or y: yes   esc or n: no", DIM))

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


class TextDialog(ModalScreen[str | None]):
    """Asks for one line of text; None where a person cancels."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", "cancel")]

    def __init__(self, title: str, text: str, about: Content) -> None:
        super().__init__()
        self._title, self._text, self._about = title, text, about

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._title, BOLD))
            yield Static(self._about)
            yield Input(self._text, select_on_focus=True)
            yield Static(safe("enter: go on   esc: cancel", DIM))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        self.dismiss(None)


class PageDialog(ModalScreen[None]):
    """Something to read until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,q,question_mark", "dismiss", "close")]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self._title, self._body = title, body

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._title, BOLD))
            with VerticalScroll(classes="dialog-body"):
                yield Static(self._body)
            yield Static(safe("esc: close", DIM))
