"""The inbox: all that waits on one side, the chosen candidate on the other, and the keys that decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static

from memcli.operations.review.candidate_context import CandidateContext, candidate_context
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.waiting import selected_candidates, waiting_candidates
from memcli.tui.background import Background, Job
from memcli.tui.candidate_content import PageForm, candidate_content
from memcli.tui.dialogs import TextDialog
from memcli.tui.inbox_list import InboxList
from memcli.tui.inbox_row import BY_SESSION, BY_TOPIC, InboxRow, grouped, judged_rows, unjudged_rows
from memcli.tui.inbox_status import inbox_status
from memcli.tui.marks import ACCEPT, NOT_WANTED, Marks, suggested_reason
from memcli.tui.safe_content import DIM, safe
from memcli.tui.store_actions import StoreActions
from memcli.workspace import Workspace

CONTEXT_DELAY = 0.05
"""Seconds for which a row stays chosen before what stands beside it is looked up."""


class InboxScreen(Screen[None]):
    """Shows what waits, notes decisions, and has them carried out."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012, of the library
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "accept", tooltip="Accept the candidate"),
        Binding("r", "reject", "reject", tooltip="Reject the candidate, with a reason"),
        Binding("A", "accept_clean", "all clean", tooltip="Accept all that are shown and have no findings"),
        Binding("T", "accept_group", "accept group", show=False, tooltip="Accept what is undecided in the group"),
        Binding("R", "reject_group", "reject group", show=False, tooltip="Reject what is undecided in the group"),
        Binding("full_stop", "repeat", "repeat", show=False, key_display=".", tooltip="Decide as the last time"),
        Binding("b", "keep_both", "keep both", show=False, tooltip="Accept both sides of a conflict"),
        Binding("space", "clear", "clear", show=False, tooltip="Clear the decision, or accept where there is none"),
        Binding("enter", "apply", "apply", tooltip="Show what the decisions do, and apply them as one operation"),
        Binding("e", "edit", "edit", show=False, tooltip="Edit the candidate in your editor; it is judged again"),
        Binding("u", "undo", "undo", tooltip="Take back the last operation"),
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

    def __init__(self, background: Background, marks: Marks, decided: Callable[[], None]) -> None:
        super().__init__()
        self._background, self._marks, self._decided = background, marks, decided
        self._rows: Sequence[InboxRow] = ()
        self._now = datetime.now(UTC)
        self._grouping, self._words = BY_TOPIC, ""
        self._contexts: dict[tuple[CandidateRef, str], CandidateContext] = {}
        self._is_judged = self._is_unfolded = False
        self._reason = ""

    def compose(self) -> ComposeResult:
        yield Static(id="status", classes="status")
        with Container(classes="panes"):
            yield InboxList(self._marks)
            with VerticalScroll(id="page", classes="page", can_focus=False):
                yield Static(safe("reading what waits…", DIM), id="page-text")
        yield Input(placeholder="words that the title, text, author or topic contains", id="filter", classes="words")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.actions = StoreActions(self.app, self._background, self.action_reload)
        self.query_one("#filter").display = False
        self.query_one(InboxList).focus()
        self._show_status()
        self.call_after_refresh(self.action_reload)

    # reading

    def action_reload(self) -> None:
        self._is_judged = False
        self._background.read("titles", Job(_titles, self._titles_read, self._not_read))

    def _titles_read(self, result: tuple[list[InboxRow], datetime]) -> None:
        """Show titles at once; what the gate finds follows."""
        if not self._rows:
            self._show_rows(*result)
        self._background.read("rows", Job(_judged, self._judged_read, self._not_read))

    def on_resize(self) -> None:
        if self._rows:
            self.call_after_refresh(self._show_page)

    def _judged_read(self, result: tuple[list[InboxRow], datetime]) -> None:
        self._is_judged = True
        gone = self._marks.keep_only(result[0])
        if gone:
            self.actions.tell(f"{len(gone)} decisions dropped: their candidates are gone or have changed", "warning")
            self._decided()
        first = self.query_one(InboxList)
        starts_at_top = first.highlighted == 1 and not self._marks.by_key
        self._show_rows(*result)
        if starts_at_top:
            first.choose(None)

    def _not_read(self, error: Exception) -> None:
        self.actions.tell_error(error)  # type: ignore[arg-type]

    def _show_rows(self, rows: Sequence[InboxRow], now: datetime) -> None:
        self._rows, self._now = rows, now
        self._contexts.clear()
        self._show_list()

    def _show_list(self) -> None:
        rows = [row for row in self._rows if row.matches(self._words)]
        self.query_one(InboxList).show(grouped(rows, self._grouping), self._now)
        self._show_status()
        self._show_page()

    def _show_status(self) -> None:
        shown = self.query_one(InboxList).rows
        line = inbox_status(self._rows, shown, self._marks, self._is_judged)
        self.query_one("#status", Static).update(line)

    # the page of the chosen row

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        self._show_page()
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)

    def _show_page(self) -> None:
        row = self.query_one(InboxList).row
        text = self.query_one("#page-text", Static)
        if row is None:
            is_done = self._is_judged and not self._rows
            text.update(safe("nothing awaits review" if is_done else "nothing is shown", DIM))
            return
        context = self._contexts.get((row.key, row.text))
        form = PageForm(self._now, text.size.width, self._is_unfolded)
        text.update(candidate_content(row, self._marks.of(row), context, form))
        if context is None and row.waiting is not None:
            self.set_timer(CONTEXT_DELAY, partial(self._read_context, row))

    def _read_context(self, row: InboxRow) -> None:
        if row != self.query_one(InboxList).row or row.waiting is None:
            return
        others = [each.waiting for each in self._rows if each.waiting]
        work = partial(candidate_context, candidate=row.waiting, waiting=others)
        self._background.read("context", Job(work, partial(self._context_read, row), self._not_read))

    def _context_read(self, row: InboxRow, context: CandidateContext) -> None:
        self._contexts[row.key, row.text] = context
        self._show_page()

    # decisions

    def _note(self, count: int, moves_on: bool = False) -> None:
        """Keep and show decisions that were just made."""
        self._decided()
        rows = self.query_one(InboxList)
        rows.redraw()
        if moves_on and count:
            rows.action_cursor_down()
        self._show_status()
        self._show_page()

    def _chosen(self) -> list[InboxRow]:
        row = self.query_one(InboxList).row
        return [row] if row else []

    def _in_group(self) -> list[InboxRow]:
        group = self.query_one(InboxList).group
        return self._marks.undecided(group.rows) if group else []

    def _accept(self, rows: Sequence[InboxRow], moves_on: bool = True, keep_both: bool = False) -> None:
        if not self.actions.may_decide():
            return
        count = self._marks.accept(rows, keep_both)
        if not count and rows:
            waits = not rows[0].is_judged
            self.actions.tell("still being checked" if waits else "it cannot be accepted as it is: e edit, r reject",
                              "warning")  # fmt: skip
        self._note(count, moves_on)

    def action_accept(self) -> None:
        self._accept(self._chosen())

    def action_keep_both(self) -> None:
        rows = [row for row in self._chosen() if row.is_conflict]
        if rows:
            self._accept(rows, keep_both=True)
        else:
            self.actions.tell("it is not in conflict; a accepts it", "warning")

    def action_accept_clean(self) -> None:
        clean = [row for row in self._marks.undecided(self.query_one(InboxList).rows) if row.is_clean]
        self._accept(clean, moves_on=False)
        self.actions.tell(f"{len(clean)} without findings accepted; enter applies")

    def action_accept_group(self) -> None:
        self._accept(self._in_group(), moves_on=False)

    def action_reject(self) -> None:
        self._ask_reason(self._chosen(), moves_on=True)

    def action_reject_group(self) -> None:
        self._ask_reason(self._in_group(), moves_on=False)

    def _ask_reason(self, rows: Sequence[InboxRow], moves_on: bool) -> None:
        rows = [row for row in rows if row.waiting]
        if not rows or not self.actions.may_decide():
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._reject(rows, reason or NOT_WANTED, moves_on)

        title = "Why reject it?" if len(rows) == 1 else f"Why reject these {len(rows)}?"
        about = safe("\n".join(row.title for row in rows[:5]) + ("\n…" if len(rows) > 5 else ""), DIM)
        suggested = suggested_reason(rows[0]) if len(rows) == 1 else ""
        self.app.push_screen(TextDialog(title, suggested or self._reason or NOT_WANTED, about), answered)

    def _reject(self, rows: Sequence[InboxRow], reason: str, moves_on: bool) -> None:
        self._reason = "" if reason == suggested_reason(rows[0]) else reason
        self._note(self._marks.reject(rows, reason), moves_on)

    def action_repeat(self) -> None:
        """Decide about the chosen row as about the last one; a reason that was suggested is that of the new row."""
        last, rows = self._marks.last, self._chosen()
        if last is None or not rows:
            self.actions.tell("nothing was decided yet that could be repeated", "warning")
        elif last.verdict == ACCEPT:
            self._accept(rows)
        else:
            self._reject(rows, self._reason or suggested_reason(rows[0]) or NOT_WANTED, moves_on=True)

    def action_clear(self) -> None:
        for row in self._chosen():
            if self._marks.of(row):
                self._marks.clear(row)
                self._note(1)
            else:
                self._accept([row], moves_on=False)

    def action_apply(self) -> None:
        if self._is_judged:
            self.actions.apply(self._marks, self._rows)
        else:
            self.actions.tell("still being checked", "warning")

    def action_edit(self) -> None:
        for row in self._chosen():
            self.actions.edit(row)

    def action_undo(self) -> None:
        self.actions.undo_last()

    # what is shown

    def action_filter(self) -> None:
        words = self.query_one("#filter", Input)
        words.display = True
        words.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._words = event.value
        self._show_list()

    def on_input_submitted(self) -> None:
        self.query_one("#filter").display = bool(self._words)
        self.query_one(InboxList).focus()

    def key_escape(self) -> None:
        words = self.query_one("#filter", Input)
        words.value = ""
        words.display = False
        self.query_one(InboxList).focus()

    def action_toggle_grouping(self) -> None:
        self._grouping = BY_SESSION if self._grouping == BY_TOPIC else BY_TOPIC
        self._show_list()

    def action_toggle_keys(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._show_page()

    def action_next(self) -> None:
        self.query_one(InboxList).choose_undecided()

    def action_scroll(self, lines: int) -> None:
        self.query_one("#page", VerticalScroll).scroll_relative(y=lines, animate=False)

    def choose(self, key: CandidateRef) -> None:
        """Choose a row by its key, whatever was filtered."""
        self.key_escape()
        self.query_one(InboxList).choose(key)

    @property
    def rows(self) -> Sequence[InboxRow]:
        """All that waits."""
        return self._rows


def _titles(workspace: Workspace) -> tuple[list[InboxRow], datetime]:
    return unjudged_rows(selected_candidates(workspace)), workspace.now


def _judged(workspace: Workspace) -> tuple[list[InboxRow], datetime]:
    waiting = waiting_candidates(workspace)
    return judged_rows(waiting.candidates, waiting.reviews), workspace.now
