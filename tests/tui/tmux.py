"""A real terminal: tmux holds the screen, keys are typed, and what is on the screen is read."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.needs import program
from tests.waiting import eventually


@dataclass(frozen=True)
class Tmux:
    """One tmux server with one screen."""

    program: str
    socket: Path

    def run(self, *words: str) -> str:
        """The output of a tmux command."""
        done = subprocess.run(
            [self.program, "-S", str(self.socket), *words], capture_output=True, text=True, check=False
        )
        return done.stdout

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self.run("send-keys", *keys)

    def screen(self) -> str:
        """What is on the screen."""
        return self.run("capture-pane", "-p")

    def shows(self, *texts: str) -> None:
        """Wait until the screen shows texts."""
        assert eventually(lambda: all(text in self.screen() for text in texts)), self.screen()

    def pid(self) -> int:
        """The process of `mem ui`, which the shell has started."""
        shell = psutil.Process(int(self.run("display-message", "-p", "#{pane_pid}")))
        return int(shell.children()[0].pid)


@contextmanager
def at_tmux(
    directory: Path,
    place: Path,
    size: tuple[int, int] = (80, 24),
    env: Mapping[str, str] | None = None,
    words: Sequence[str] = (),
) -> Iterator[Tmux]:
    """`mem ui` on a screen of a size; behind it a shell that shows the exit code."""
    # a socket of its own: the server of an earlier screen may still be on its way out
    tmux = Tmux(program("tmux"), Path(tempfile.mkdtemp(dir=place), "socket"))
    variables = {"TERM": "xterm-256color", **(env or {})}
    sized = ["env", "-u", "COLUMNS", "-u", "LINES", *(f"{name}={value}" for name, value in variables.items())]
    command = shlex.join([*sized, sys.executable, "-m", "memcli", "ui", *words])
    shell = f"{command}; echo exit=$?; exec sleep 600"
    tmux.run("-f", os.devnull, "new-session", "-d", "-c", str(directory), "-x", str(size[0]), "-y", str(size[1]), shell)
    try:
        yield tmux
    finally:
        tmux.run("kill-server")
