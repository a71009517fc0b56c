"""The page of the chosen candidate; what stands beside it is looked up once it stays chosen for a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.errors import MemError
from memcli.operations.review.candidate_context import CandidateContext, candidate_context
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.pending_decisions import PendingDecision
from memcli.tui.background import Background, BackgroundJob
from memcli.tui.candidate_content import PageForm, candidate_content
from memcli.tui.inbox_row import InboxRow
from memcli.tui.safe_content import DIM, safe

DELAY = 0.05
"""Seconds for which a row stays chosen before what stands beside it is looked up."""


class CandidatePage(VerticalScroll, can_focus=False):
    """Shows one row of the inbox."""

    def __init__(self, background: Background) -> None:
        super().__init__(classes="page")
        self._background = background
        self._contexts: dict[tuple[CandidateRef, str], CandidateContext] = {}
        self._shown: tuple[InboxRow, PendingDecision | None, datetime] | None = None
        self._is_unfolded = False
        self._text = Static(safe("reading what waits…", DIM))

    def compose(self) -> ComposeResult:
        yield self._text

    def show(
        self, row: InboxRow, mark: PendingDecision | None, now: datetime, waiting: Sequence[WaitingCandidate]
    ) -> None:
        """Show a row; `waiting`: what its findings may be about, too."""
        if self._shown and self._shown[0].key != row.key:
            self.scroll_home(animate=False)
        self._shown = (row, mark, now)
        self._draw()
        if row.waiting and row.is_judged and (row.key, row.text) not in self._contexts:
            self.set_timer(DELAY, partial(self._read_context, row, waiting))

    def show_nothing(self, text: str) -> None:
        """Show why there is nothing to see."""
        self._shown = None
        self._text.update(safe(text, DIM))

    def toggle_keys(self) -> None:
        """Show or fold the front matter that changes."""
        self._is_unfolded = not self._is_unfolded
        self._draw()

    def context_of(self, row: InboxRow) -> CandidateContext | None:
        """What stands beside a row; None while it is being looked up."""
        return self._contexts.get((row.key, row.text))

    def forget(self) -> None:
        """Forget what was looked up: the store may have changed."""
        self._contexts.clear()

    def scroll_lines(self, lines: int) -> None:
        """Scroll down, or up where negative."""
        self.scroll_relative(y=lines, animate=False)

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        row, mark, now = self._shown
        form = PageForm(now, self.scrollable_content_region.width, self._is_unfolded)
        context = self.context_of(row)
        self._text.update(candidate_content(row, mark, context, form))

    def _read_context(self, row: InboxRow, waiting: Sequence[WaitingCandidate]) -> None:
        if row.waiting is None or self._shown is None or self._shown[0] != row:
            return
        work = partial(candidate_context, candidate=row.waiting, waiting=waiting)
        self._background.read(
            "context", BackgroundJob(work, partial(self._context_read, row), self._not_read, self.screen)
        )

    def _context_read(self, row: InboxRow, context: CandidateContext) -> None:
        self._contexts[row.key, row.text] = context
        self._draw()

    def _not_read(self, error: MemError) -> None:
        """Without it the page says what the findings say."""
