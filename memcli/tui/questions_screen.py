"""Open questions: the list above, the sides of the chosen one next to each other, and the keys that answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static

from memcli.cli.typed_answers import answer_in_editor
from memcli.cli.views.quantities import quantity
from memcli.operations.memories.question_case import BOTH
from memcli.operations.memories.resolve import Resolved, ResolveRequest, resolve
from memcli.operations.memories.store_questions import OpenQuestion
from memcli.tui.background import Background, BackgroundJob
from memcli.tui.dialogs import TextDialog
from memcli.tui.inbox_screen import WIDE
from memcli.tui.moving_list import MovingList
from memcli.tui.safe_content import BOLD, DIM, safe
from memcli.tui.shown_question import (
    ShownQuestion,
    question_content,
    question_line,
    read_question,
    read_questions,
    side_content,
)
from memcli.tui.store_actions import StoreActions
from memcli.workspace import Workspace


class QuestionsScreen(Screen[None]):
    """Shows and answers open questions; an answer is a candidate, which the inbox shows then."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012, the library's
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "keep(0)", "keep left", tooltip="Keep the first side; for a doubt: it still holds"),
        Binding("2", "keep(1)", "keep right", tooltip="Keep the second side"),
        Binding("3", "keep(2)", "keep third", show=False, tooltip="Keep the third side"),
        Binding("b", "keep_both", "keep both", tooltip="Keep both sides"),
        Binding("e", "edit", "edit", tooltip="Correct the memory in your editor, beside the other text"),
        Binding("x", "retire", "retire", tooltip="Retire the memory: it no longer holds"),
        Binding("h", "history", "history", tooltip="History of the memory"),
        Binding("J,shift+down", "scroll(3)", "scroll down", show=False, tooltip="Scroll the sides down"),
        Binding("K,shift+up", "scroll(-3)", "scroll up", show=False, tooltip="Scroll the sides up"),
        Binding("ctrl+r", "reload", "reload", show=False, tooltip="Read everything again"),
        Binding("escape", "app.leave", "back", show=False, tooltip="Go back to the inbox"),
    ]

    def __init__(self, background: Background, answered: Callable[[], None]) -> None:
        super().__init__()
        self._background, self._answered = background, answered
        self._questions: Sequence[OpenQuestion] = ()
        self._shown: ShownQuestion | None = None
        self._is_read = False

    def compose(self) -> ComposeResult:
        yield Static(classes="status")
        yield MovingList(classes="short-list")
        yield Static(classes="question")
        yield VerticalScroll(Container(classes="sides"), can_focus=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.actions = StoreActions(self.app, self._background, self._changed, lambda: None)
        self.query_one(MovingList).focus()
        self.action_reload()

    def action_reload(self) -> None:
        self._background.read("questions", BackgroundJob(read_questions, self._read, self.actions.tell_error, self))

    def _read(self, result: tuple[list[OpenQuestion], datetime]) -> None:
        self._questions, self._is_read = result[0], True
        questions = self.query_one(MovingList)
        place = questions.highlighted or 0
        questions.fill(lambda width: [question_line(asked, width) for asked in self._questions])
        questions.highlighted = min(place, len(self._questions) - 1) if self._questions else None
        count = quantity(len(self._questions), "open question")
        self.query_one(".status", Static).update(safe(f"mem  {count}", BOLD))
        self._open()

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        self._open()

    def _open(self) -> None:
        """Read the chosen question."""
        self._shown = None
        place = self.query_one(MovingList).highlighted
        if place is None or place >= len(self._questions):
            self.query_one(".question", Static).update(safe("nothing is in question" if self._is_read else "", DIM))
            self.query_one(".sides").remove_children()
            return
        read = read_question(self._questions[place])
        self._background.read("question", BackgroundJob(read, self._show, self.actions.tell_error, self))

    def _show(self, shown: ShownQuestion) -> None:
        self._shown = shown
        self.query_one(".question", Static).update(question_content(shown))
        sides = self.query_one(".sides")
        sides.remove_children()
        sides.mount(*(Static(side_content(shown, place), classes="side") for place in range(len(shown.sides))))

    # answers

    def action_keep(self, place: int) -> None:
        if self._shown and place < len(self._shown.choices):
            self._ask_because("Keep it?", partial(self._shown.request, keep=self._shown.choices[place]))

    def action_keep_both(self) -> None:
        if self._shown:
            self._ask_because("Keep both?", partial(self._shown.request, keep=BOTH))

    def action_retire(self) -> None:
        if self._shown:
            title = f"Retire {self._shown.case.opened.record.title!r}?"
            self._ask_because(title, partial(self._shown.request, is_retired=True))

    def _ask_because(self, title: str, request: Callable[[str], ResolveRequest]) -> None:
        """Ask for a reason, then record the answer."""
        shown = self._shown
        if shown is None or not self.actions.may_decide() or self._background.is_operating:
            return

        def answered(because: str | None) -> None:
            if because is not None:
                work = partial(_resolve, shown, request(because))
                self._background.operate(BackgroundJob(work, self._resolved, self.actions.tell_error))

        about = safe("Because (optional; it is recorded with the answer):", DIM)
        self.app.push_screen(TextDialog(title, "", about), answered)

    def _resolved(self, resolved: Resolved) -> None:
        session = resolved.memories[0].session
        self.actions.tell(f"{resolved.answer}; the answer waits in the inbox, in {session}")
        self._changed()

    def _changed(self) -> None:
        self._answered()
        self.action_reload()

    def action_edit(self) -> None:
        shown = self._shown
        if shown and self.actions.may_decide():
            call = self._background.call(shown.asked.session)
            self.actions.at_terminal(partial(answer_in_editor, call, shown.case, shown.group, shown.request()))

    def action_history(self) -> None:
        if self._shown:
            record = self._shown.case.opened.record
            self.app.show_history(record.id, record.title)  # type: ignore[attr-defined]

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _resolve(shown: ShownQuestion, request: ResolveRequest, workspace: Workspace) -> Resolved:
    inside = workspace.in_session(shown.asked.session) if shown.asked.session else workspace
    return resolve(inside, shown.case, request)
