"""A command of the user's own choosing (`mem.curator`), asked over pipes: bytes in, bounded bytes out.

Contract: never an exception, never a shell, never longer than the patience given, never more memory than the limit;
and nothing of it is left running: it has a process group of its own, which ends with it.
"""

from __future__ import annotations

import os
import selectors
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MOST_BYTES = 8 << 20
"""Of each stream; who writes more is ended."""
_CHUNK, _TICK, _GRACE, _WORDS = 1 << 16, 0.05, 1.0, 2_000


@dataclass(frozen=True)
class Said:
    """What a guest printed; `failure`: why that is no answer, `` where it ended well; `words`: its last stderr."""

    output: bytes
    failure: str = ""
    words: str = ""


def ask_guest(command: str, given: bytes, place: Path, environment: Mapping[str, str], patience: float) -> Said:
    """Run a command line in a directory with `given` on stdin; `patience` in seconds."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return Said(b"", f"the command cannot be read: {error}")
    if not words:
        return Said(b"", "the command is empty")
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=place, env=dict(environment), start_new_session=True, bufsize=0,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        return Said(b"", f"{words[0]!r} cannot be started: {getattr(error, 'strerror', None) or error}")
    talk = _Talk(process, given, patience)
    try:
        failure = talk.run()
    finally:
        _end(process)
    return _told(talk, failure or _exit(process, words[0]))


def _told(talk: _Talk, failure: str) -> Said:
    words = bytes(talk.words).decode("utf-8", "replace").strip()
    if not failure and not talk.output.strip():
        failure = "it gave no answer"
    return Said(b"" if failure else bytes(talk.output), failure, words)


def _exit(process: subprocess.Popen[bytes], name: str) -> str:
    code = process.returncode
    if code == 0:
        return ""
    return f"{name!r} ended with exit code {code}" if code > 0 else f"{name!r} was ended by signal {-code}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole group while its leader is not reaped yet: until then no other group can have its number."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            with suppress(OSError):
                stream.close()
    process.wait()


class _Talk:
    """The three pipes of a process, served together, so that neither side waits for the other."""

    def __init__(self, process: subprocess.Popen[bytes], given: bytes, patience: float) -> None:
        self.process, self.left = process, memoryview(given)
        self.output, self.words = bytearray(), bytearray()
        self.talked = 0
        self.deadline = time.monotonic() + patience
        self.patience = patience

    def run(self) -> str:
        """Talk until the process has ended and all is read; why that came to nothing, else ``."""
        with selectors.DefaultSelector() as selector:
            for stream, event in self._streams():
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, event)
            return self._serve(selector)

    def _streams(self) -> list[tuple[IO[bytes], int]]:
        process = self.process
        assert process.stdin and process.stdout and process.stderr
        read = selectors.EVENT_READ
        return [(process.stdin, selectors.EVENT_WRITE), (process.stdout, read), (process.stderr, read)]

    def _serve(self, selector: selectors.BaseSelector) -> str:
        ended: float | None = None
        while True:
            now = time.monotonic()
            if ended is None and self._has_ended():
                ended = now
            if ended is not None and (not self._reads(selector) or now > ended + _GRACE):
                return ""  # whoever still holds the pipes is none that we asked
            if now > self.deadline:
                return f"no answer within {self.patience:g} s"
            for key, _ in selector.select(_TICK) if selector.get_map() else self._rest():
                self._attend(selector, key.fileobj)  # type: ignore[arg-type]
            if len(self.output) > MOST_BYTES or self.talked > MOST_BYTES:
                return f"it printed more than {MOST_BYTES >> 20} MiB"

    def _rest(self) -> list[tuple[selectors.SelectorKey, int]]:
        time.sleep(_TICK)
        return []

    def _reads(self, selector: selectors.BaseSelector) -> bool:
        """Whether anything may still be said."""
        return any(key.fileobj is not self.process.stdin for key in selector.get_map().values())

    def _has_ended(self) -> bool:
        """Whether the process has ended, without reaping it."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, options) is not None

    def _attend(self, selector: selectors.BaseSelector, stream: IO[bytes]) -> None:
        try:
            done = self._write(stream) if stream is self.process.stdin else self._read(stream)
        except BlockingIOError:
            return
        except OSError:
            done = True  # who does not want to hear the end may have an answer all the same
        if done:
            selector.unregister(stream)
            with suppress(OSError):
                stream.close()

    def _write(self, stream: IO[bytes]) -> bool:
        self.left = self.left[os.write(stream.fileno(), self.left[:_CHUNK]) :] if self.left else self.left
        return not self.left

    def _read(self, stream: IO[bytes]) -> bool:
        data = os.read(stream.fileno(), _CHUNK)
        if stream is self.process.stdout:
            self.output += data
        else:
            self.talked += len(data)
            self.words = (self.words + data)[-_WORDS:]
        return not data
