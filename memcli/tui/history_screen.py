"""The history of one memory: each change with its session, author, reviewer and diff, and where each line is from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static

from memcli.cli.views.quantities import local_time, time_ago
from memcli.core.session.names import is_dream
from memcli.errors import MemError
from memcli.operations.history.memory_history import HistoryStep, memory_history
from memcli.operations.history.why import MemoryOrigin, trace_memory
from memcli.tui.background import Background, BackgroundJob
from memcli.tui.candidate_content import change_content
from memcli.tui.inbox_screen import WIDE
from memcli.tui.moving_list import MovingList
from memcli.tui.safe_content import BOLD, DIM, joined, one_line_of, safe
from memcli.workspace import Workspace


@dataclass(frozen=True)
class HistorySubject:
    """The memory that is asked about; `session` proposes it or a change of it, None where it is in the store."""

    memory_id: str
    title: str
    session: str | None = None


@dataclass(frozen=True)
class ShownHistory:
    """What is known of a memory: where its lines are from, and its changes, the newest first."""

    origin: MemoryOrigin
    changes: tuple[HistoryStep, ...]
    now: datetime


class HistoryScreen(Screen[None]):
    """Shows changes on one side and the chosen one's diff on the other."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012, the library's
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J,shift+down", "scroll(3)", "scroll down", show=False, tooltip="Scroll the page down"),
        Binding("K,shift+up", "scroll(-3)", "scroll up", show=False, tooltip="Scroll the page up"),
        Binding("escape", "app.leave", "back", show=False, tooltip="Go back"),
    ]

    def __init__(self, background: Background, subject: HistorySubject) -> None:
        super().__init__()
        self._background, self._subject = background, subject
        self._history: ShownHistory | None = None

    def compose(self) -> ComposeResult:
        yield Static(safe(self._subject.title, BOLD), classes="status")
        with Container(classes="panes"):
            yield MovingList()
            with VerticalScroll(classes="page", can_focus=False):
                yield Static(safe("reading its history…", DIM), id="text")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one(MovingList).focus()
        read = partial(_read_history, subject=self._subject)
        self._background.read("history", BackgroundJob(read, self._show, self._not_read, self))

    def _show(self, history: ShownHistory) -> None:
        self._history = history
        changes = self.query_one(MovingList)
        changes.fill(partial(_lines, history), () if history.changes else (1,))
        changes.highlighted = min(1, len(history.changes))

    def _not_read(self, error: MemError) -> None:
        self.query_one("#text", Static).update(safe(f"{error.message}\n{error.hint}"))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self._history:
            place = event.option_index
            text = _change_page(self._history.changes[place - 1]) if place else _lines_page(self._history.origin)
            self.query_one("#text", Static).update(text)

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _read_history(workspace: Workspace, subject: HistorySubject) -> ShownHistory:
    inside = workspace.in_session(subject.session) if subject.session else workspace
    origin = trace_memory(inside, subject.memory_id)
    return ShownHistory(origin, memory_history(inside, subject.memory_id), workspace.now)


def _lines(history: ShownHistory, width: int) -> Iterator[Content]:
    yield one_line_of("now, line by line", width)
    yield from (_line(change, width, history.now) for change in history.changes)
    if not history.changes:
        yield one_line_of("not in the store yet", width, DIM)


def _line(change: HistoryStep, width: int, now: datetime) -> Content:
    entry = change.entry
    age, author = one_line_of(time_ago(entry.at, now), 11, DIM), entry.agent or entry.review.partition(" <")[0]
    return age + one_line_of(entry.change, 11, BOLD) + one_line_of(f"{author}, {entry.session}", width - 22)


def _change_page(change: HistoryStep) -> Content:
    """Who proposed and who reviewed a change, and what it changed."""
    entry, candidate = change.entry, change.candidate
    author = entry.agent or ("a dream" if is_dream(entry.session) else "a person")
    facts = [f"{entry.change} {local_time(entry.at)}, commit {entry.commit[:10]}"]
    facts += [f"proposed by {author} in {entry.session}", f"reviewed by {entry.review}"]
    return joined([safe("\n".join(facts), DIM), safe(""), change_content(candidate)])


def _lines_page(origin: MemoryOrigin) -> Content:
    """Each line with the session and the review that brought it."""
    width = min(20, max((len(line.session) for line in origin.lines), default=0))
    heads = [one_line_of(f"{line.at:%Y-%m-%d} {line.session}", 12 + width, DIM) for line in origin.lines]
    lines = [head + safe(f"│ {line.text}") for head, line in zip(heads, origin.lines, strict=True)]
    return joined([safe(origin.path, DIM), safe(""), *lines])
