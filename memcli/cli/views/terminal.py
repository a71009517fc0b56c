"""What needs a terminal: prompts, the pager, colours and progress."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from memcli.cli.options import Call
from memcli.cli.views.output import print_result, printable
from memcli.system.interruption import left_to_child

if TYPE_CHECKING:
    from rich.progress import Progress

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def show_paged(call: Call, diff: str) -> None:
    """Print a diff, through the user's git pager where stdout is a terminal."""
    page_through(call, coloured_diff(diff) if call.color else printable(diff))


def page_through(call: Call, text: str) -> None:
    """Print a text whose untrusted parts are printable already, through the user's git pager at a terminal."""
    if not sys.stdout.isatty():
        print_result(text)
        return
    from memcli.operations.setup.preferences import pager

    command = pager(call.workspace)
    if command in ("", "cat"):
        print_result(text)
        return
    shell = ["sh", "-c", f"LESS=${{LESS-FRX}} LV=${{LV--c}} {command}"]
    with left_to_child():
        subprocess.run(shell, input=f"{text}\n".encode("utf-8", "backslashreplace"), check=False)


def coloured_diff(diff: str) -> str:
    """A unified diff in git's colours."""
    return "\n".join(
        typer.style(line, bold=True)
        if line.startswith(("+++", "---"))
        else typer.style(line, fg=_COLOURS.get(line[:1]))
        for line in printable(diff).split("\n")
    )


def ask_choice(question: str, choices: Sequence[str]) -> str:
    """One of `choices`, asked until the answer is one of them; the end of input means the last."""
    while True:
        try:
            answer = input(f"{question} [{'/'.join(choices)}] ").strip().lower()
        except EOFError:
            return choices[-1]
        if answer in choices:
            return answer


def ask_text(question: str, default: str) -> str:
    """A line of text, the default where it is empty."""
    return input(question).strip() or default


def confirm(question: str) -> bool:
    """Whether a person answers yes."""
    return ask_choice(question, ("y", "n")) == "y"


ProgressStep = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much of it is done, and how much there is (0: not known)."""


@contextmanager
def progress(call: Call, text: str) -> Iterator[ProgressStep]:
    """Show that work is going on once it takes longer than a second, on stderr, where that is a terminal; a bar with
    counts once the block tells of them."""
    if not sys.stderr.isatty() or call.flags.quiet or call.flags.json:
        yield lambda _text, _done, _total: None
        return
    bar = _ProgressBar(text)
    timer = threading.Timer(1.0, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield bar.step
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


class _ProgressBar:
    """A line with a spinner, a text, and a bar with counts where they are known; shown from `start` to `stop`."""

    def __init__(self, text: str) -> None:
        self._text, self._done, self._total = text, 0, 0
        self._shown: Progress | None = None

    def step(self, text: str, done: int, total: int) -> None:
        self._text, self._done, self._total = text, done, total
        if self._shown:
            self._show(self._shown)

    def start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counts]}")
        shown = Progress(*columns, console=Console(stderr=True), transient=True)
        shown.add_task(self._text, total=None, counts="")
        shown.start()
        self._show(shown)
        self._shown = shown

    def _show(self, shown: Progress) -> None:
        shown.tasks[0].total = self._total or None  # `update` takes None for no change
        counts = f"{self._done:,} of {self._total:,}" if self._total else ""
        shown.update(shown.task_ids[0], description=self._text, completed=self._done, counts=counts)

    def stop(self) -> None:
        if self._shown:
            self._shown.stop()
