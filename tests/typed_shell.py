"""An interactive shell at a pseudo-terminal, whose screen is read as a person would."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from collections.abc import Mapping
from pathlib import Path

import pyte

from tests.waiting import LIMIT

WIDTH, HEIGHT = 100, 30
KILL_LINE = "\x15"
PROMPT = "ready>"


class TypedShell:
    """A shell that prompts with `PROMPT`; close it, or use it in a `with`."""

    def __init__(self, command: list[str], directory: Path, environment: Mapping[str, str]) -> None:
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)
        self._count = 0
        self._process, self._handle = pty.fork()
        if self._process == 0:
            os.chdir(directory)
            os.execvpe(command[0], command, dict(environment))
        fcntl.ioctl(self._handle, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))

    def __enter__(self) -> TypedShell:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)
        os.waitpid(self._process, 0)

    def run(self, line: str) -> None:
        """Run a line and wait until it has ended."""
        self._count += 1
        self.type(f"{line}; echo 'end'-{self._count}\n")
        self.wait(rf"(?m)^end-{self._count}$")

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._handle, keys.encode())

    def wait(self, pattern: str) -> None:
        """Wait until the screen's text has a match. Raises AssertionError with the text."""
        end = time.monotonic() + LIMIT
        while not re.search(pattern, self.text):
            readable = select.select([self._handle], [], [], max(0, end - time.monotonic()))[0]
            assert readable, f"no match of {pattern!r} on the screen:\n{self.text}"
            self._stream.feed(os.read(self._handle, 1 << 16))

    def wait_for_line(self, pattern: str) -> None:
        """Wait until the last line on the screen, with the prompt, has a match from its beginning to its end."""
        self.wait(rf"(?:^|\n){pattern}$")

    @property
    def text(self) -> str:
        """The screen's lines as far as they hold something."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()
