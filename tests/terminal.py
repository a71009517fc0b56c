"""Programs at a terminal: a real pseudo-terminal, in a session of its own, so that Ctrl-C reaches whom it would."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import sandbox
from tests.conftest import Repo
from tests.waiting import LIMIT, eventually


@dataclass
class Terminal:
    """`mem` with its editor at a terminal; `editor` is a shell script that gets the file as `$1`."""

    repo: Repo
    script: Path
    is_confined: bool = False
    """Whether `.git` is read-only."""

    def run(self, *words: str, editor: str, env: Mapping[str, str] | None = None, typed: str = "") -> tuple[int, str]:
        """Exit code, and all that the terminal shows."""
        process, handle = self.start(*words, editor=editor, env=env)
        os.write(handle, typed.encode())
        return self.end(process, handle)

    def start(
        self, *words: str, editor: str, env: Mapping[str, str] | None = None
    ) -> tuple[subprocess.Popen[bytes], int]:
        """The process, and the terminal's other side."""
        self.script.write_text(f"#!/bin/sh\n{editor}\n", encoding="utf-8", errors="surrogateescape")
        self.script.chmod(0o755)
        ours, theirs = pty.openpty()
        command = sandbox.confined(*sandbox.MEM, *words) if self.is_confined else [*sandbox.MEM, *words]
        process = subprocess.Popen(
            command, cwd=self.repo.path, stdin=theirs, stdout=theirs, stderr=theirs,
            env={**os.environ, "EDITOR": str(self.script), "TERM": "xterm", **(env or {})},
            start_new_session=True, preexec_fn=_take_terminal,
        )  # fmt: skip
        os.close(theirs)
        return process, ours

    @staticmethod
    def end(process: subprocess.Popen[bytes], handle: int) -> tuple[int, str]:
        """Exit code and output of a process that ends by itself; one that waits for ever is killed."""
        output = b""
        try:
            while select.select([handle], [], [], LIMIT)[0] and (data := os.read(handle, 1 << 16)):
                output += data
        except OSError:  # what Linux reports once nobody has the other side open
            pass
        finally:
            if not eventually(lambda: process.poll() is not None):
                process.kill()
        code = process.wait()
        os.close(handle)
        return code, output.decode("utf-8", "replace").replace("\r\n", "\n")


def set_size(handle: int, lines: int, columns: int) -> None:
    """Give a terminal a size."""
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_for(file: Path) -> None:
    """Until a file is there."""
    assert eventually(file.exists)
