"""The keys that decide about the rows of a list, and that have the decisions carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from memcli.errors import MemError
from memcli.operations.review.pending_decisions import ACCEPT, pending_decisions
from memcli.tui.background import Background
from memcli.tui.candidate_page import CandidatePage
from memcli.tui.dialogs import TextDialog
from memcli.tui.inbox_list import InboxList
from memcli.tui.inbox_row import InboxRow
from memcli.tui.marks import NOT_WANTED, Marks, suggested_reason
from memcli.tui.safe_content import DIM, safe
from memcli.tui.store_actions import StoreActions


class DecidingScreen(Screen[None]):
    """Notes decisions about the rows of its list, and keeps each at once, so that an interruption loses none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "accept", tooltip="Accept the candidate"),
        Binding("r", "reject", "reject", tooltip="Reject the candidate, with a reason"),
        Binding("A", "accept_clean", "all clean", tooltip="Accept all that are shown and have no findings"),
        Binding("T", "accept_group", "accept group", show=False, tooltip="Accept what is undecided in the group"),
        Binding("R", "reject_group", "reject group", show=False, tooltip="Reject what is undecided in the group"),
        Binding("full_stop", "repeat", "repeat", show=False, key_display=".", tooltip="Decide as the last time"),
        Binding("1", "settle('k')", "keep this", show=False, tooltip="Keep this one of two; the other goes"),
        Binding("2", "settle('o')", "keep other", show=False, tooltip="Keep the other one of two; this one goes"),
        Binding("b", "settle('b')", "keep both", show=False, tooltip="Keep both of two, or both sides of a conflict"),
        Binding("space", "clear", "clear", show=False, tooltip="Clear the decision; accept where there is none"),
        Binding("enter", "apply", "apply", tooltip="Show what the decisions do, and apply them as one operation"),
        Binding("e", "edit", "edit", show=False, tooltip="Edit the candidate in your editor; it is judged again"),
        Binding("u", "undo", "undo", tooltip="Take back the last operation"),
    ]

    def __init__(self, background: Background, marks: Marks) -> None:
        super().__init__()
        self.background, self.marks = background, marks
        self.rows: Sequence[InboxRow] = ()
        self._reason = ""

    @property
    def list(self) -> InboxList:
        """The list of rows."""
        return self.query_one(InboxList)

    def on_mount(self) -> None:
        self.actions = StoreActions(self.app, self.background, self.reload, self.keep)

    def reload(self) -> None:
        """Read everything again."""
        raise NotImplementedError

    def show_decisions(self) -> None:
        """Show what is decided."""
        raise NotImplementedError

    def keep(self) -> None:
        """Keep the decisions as they are now."""
        try:
            self.marks.keep(pending_decisions(self.background.call().workspace))
        except MemError as error:
            self.actions.tell_error(error)

    def _note(self, count: int, moves_on: bool = False) -> None:
        """Keep and show decisions that were just made."""
        self.keep()
        self.list.redraw()
        if moves_on and count:
            self.list.action_cursor_down()
        self.show_decisions()

    def _chosen(self) -> Sequence[InboxRow]:
        return [self.list.row] if self.list.row else []

    def _in_group(self) -> Sequence[InboxRow]:
        """What is undecided in the group of the chosen row."""
        return self.marks.undecided(self.list.group.rows) if self.list.group else []

    def _accept(self, rows: Sequence[InboxRow], moves_on: bool = False) -> None:
        if not self.actions.may_decide():
            return
        count = self.marks.accept(rows)
        if rows and not count:
            self._tell_way_out(rows[0])
        self._note(count, moves_on)

    def _tell_way_out(self, row: InboxRow) -> None:
        """Say what can be done about a row that cannot be decided as it was tried."""
        if not row.is_judged:
            self.actions.tell("still being checked", "warning")
        elif row.waiting is None:
            self.actions.tell(f"this is about the session {row.session}: {row.findings[0].next}", "warning")
        else:
            self.actions.tell("it cannot be accepted as it is: e edits, r rejects", "warning")

    def action_accept(self) -> None:
        self._accept(self._chosen(), moves_on=True)

    def action_accept_group(self) -> None:
        self._accept(self._in_group())

    def action_accept_clean(self) -> None:
        clean = [row for row in self.marks.undecided(self.list.rows) if row.is_clean]
        self._accept(clean)
        self.actions.tell(f"accepted {len(clean)} without findings; enter applies")

    def action_settle(self, choice: str) -> None:
        """Decide between the chosen one and those that its findings compare it with."""
        page = self.query_one(CandidatePage)
        for row in self._chosen() if self.actions.may_decide() else ():
            context = page.context_of(row)
            if context is None:
                self.actions.tell("still being read", "warning")
                return
            try:
                self._note(self.marks.settle(row, choice, context, self.rows), moves_on=True)
            except MemError as error:
                self.actions.tell_error(error)

    def action_reject(self) -> None:
        self._ask_reason(self._chosen(), moves_on=True)

    def action_reject_group(self) -> None:
        self._ask_reason(self._in_group(), moves_on=False)

    def _ask_reason(self, rows: Sequence[InboxRow], moves_on: bool) -> None:
        """Ask why; a single row's finding is suggested, else the last reason."""
        asked, rows = rows, [row for row in rows if row.waiting and row.is_judged]
        if not rows or not self.actions.may_decide():
            if asked and not rows:
                self._tell_way_out(asked[0])
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._reject(rows, reason or NOT_WANTED, moves_on)

        title = "Why reject it?" if len(rows) == 1 else f"Why reject these {len(rows)}?"
        titles = [row.title for row in rows[:5]] + (["…"] if len(rows) > 5 else [])
        suggested = suggested_reason(rows[0]) if len(rows) == 1 else ""
        dialog = TextDialog(title, suggested or self._reason or NOT_WANTED, safe("\n".join(titles), DIM))
        self.app.push_screen(dialog, answered)

    def _reject(self, rows: Sequence[InboxRow], reason: str, moves_on: bool) -> None:
        self._reason = "" if reason == suggested_reason(rows[0]) else reason
        self._note(self.marks.reject(rows, reason), moves_on)

    def action_repeat(self) -> None:
        """Decide about the chosen row as about the last one; a suggested reason is that of the new row."""
        rows, last = self._chosen(), self.marks.last
        if last is None or not rows:
            self.actions.tell("nothing was decided yet that could be repeated", "warning")
        elif last.verdict == ACCEPT:
            self._accept(rows, moves_on=True)
        elif self.actions.may_decide():
            self._reject(rows, self._reason or suggested_reason(rows[0]) or NOT_WANTED, moves_on=True)

    def action_clear(self) -> None:
        for row in self._chosen():
            if self.marks.of(row) is None:
                self._accept([row])
            else:
                self.marks.clear(row)
                self._note(1)

    def action_apply(self) -> None:
        self.actions.apply(self.marks, self.rows)

    def action_edit(self) -> None:
        for row in self._chosen():
            self.actions.edit(row)

    def action_undo(self) -> None:
        self.actions.undo_last()
