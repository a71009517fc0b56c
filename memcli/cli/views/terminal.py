"""Talking with a person: questions, the editor, the pager. Nothing here runs without a terminal."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from memcli.cli.options import Call
from memcli.cli.views.output import printable
from memcli.errors import Failure, Usage

if TYPE_CHECKING:
    from rich.status import Status


def edited(call: Call, text: str, suffix: str = ".md") -> str:
    """The text as the user's git editor leaves it. Raises Usage where there is no terminal."""
    if not call.may_ask:
        raise Usage("the editor needs a terminal", "give the text as an argument or from a pipe")
    from memcli.operations.setup.preferences import editor

    command = editor(call.workspace)
    with tempfile.TemporaryDirectory(prefix="mem-") as place:
        file = Path(place) / f"memory{suffix}"
        file.write_text(text, encoding="utf-8")
        done = subprocess.run(f"{command} {shlex.quote(str(file))}", shell=True, check=False)  # as git runs it
        if done.returncode != 0:
            raise Failure(f"the editor {command!r} ended with {done.returncode}", "nothing was changed")
        return _decoded(file.read_bytes())


def _decoded(data: bytes) -> str:
    from memcli.core.memory.document import DocumentError, decode

    try:
        return decode(data)
    except DocumentError as error:
        raise Usage(f"what the editor left is no text: {error}", "a memory is UTF-8 text of at most 64 KiB") from error


def paged(call: Call, text: str) -> None:
    """Show a diff through the user's git pager where stdout is a terminal; else just print it."""
    if not sys.stdout.isatty():
        typer.echo(printable(text))
        return
    from memcli.operations.setup.preferences import pager

    chosen = pager(call.workspace)
    if chosen in ("", "cat"):
        typer.echo(coloured(text))
        return
    command = ["sh", "-c", f"LESS=${{LESS-FRX}} LV=${{LV--c}} {chosen}"]
    subprocess.run(command, input=coloured(text).encode("utf-8", "backslashreplace"), check=False)


def coloured(diff: str) -> str:
    """A unified diff with git's colours."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return "\n".join(
        typer.style(line, bold=True) if line.startswith(("+++", "---")) else typer.style(line, fg=colours.get(line[:1]))
        for line in printable(diff).split("\n")
    )


def ask(question: str, choices: Sequence[str]) -> str:
    """One letter of `choices`, asked until it is one; the end of input is the last of them."""
    while True:
        try:
            answer = input(f"{question} [{'/'.join(choices)}] ").strip().lower()
        except EOFError:
            return choices[-1]
        if answer in choices:
            return answer


@contextmanager
def working(call: Call, words: str) -> Iterator[None]:
    """While work goes on for longer than a second, say so on stderr, where that is a terminal."""
    if not sys.stderr.isatty() or call.flags.quiet or call.flags.json:
        yield
        return
    started: list[Status] = []

    def begin() -> None:
        from rich.console import Console

        status = Console(stderr=True).status(words)
        started.append(status)
        status.start()

    timer = threading.Timer(1.0, begin)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for status in started:
            status.stop()


def confirmed(question: str) -> bool:
    return ask(question, ("y", "n")) == "y"
