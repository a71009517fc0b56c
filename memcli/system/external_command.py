"""Runs a command that the user has configured (`mem.curator`) over pipes: bytes in, bounded bytes out.

Contract: no exception, no shell, no longer than the timeout, no more memory than the limit; and nothing of it is left
running: it has a process group of its own, which ends with it.
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

from memcli.system.file_modes import callers_umask

MOST_BYTES = 8 << 20
"""Of each stream; a command that writes more is killed."""
_CHUNK, _TICK, _GRACE, _MOST_ERRORS = 1 << 16, 0.05, 1.0, 2_000


@dataclass(frozen=True)
class CommandOutput:
    """What a command printed; `failure`: why it counts as none, `` after success; `errors`: the end of its stderr."""

    output: bytes
    failure: str = ""
    errors: str = ""


def run_external(
    command: str, stdin: bytes, directory: Path, environment: Mapping[str, str], timeout: float
) -> CommandOutput:
    """Run a command line in a directory; `timeout` in seconds."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return CommandOutput(b"", f"the command cannot be read: {error}")
    if not words:
        return CommandOutput(b"", "the command is empty")
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=directory, env=dict(environment), start_new_session=True, bufsize=0, umask=callers_umask(),
        )  # fmt: skip
    except (OSError, ValueError) as error:
        return CommandOutput(b"", f"{words[0]!r} cannot be started: {getattr(error, 'strerror', None) or error}")
    pipes = _Pipes(process, stdin, timeout)
    try:
        failure = pipes.run()
    finally:
        _kill(process)
    return _result(pipes, failure or _exit_failure(process, words[0]))


def _result(pipes: _Pipes, failure: str) -> CommandOutput:
    errors = bytes(pipes.errors).decode("utf-8", "replace").strip()
    if not failure and not pipes.output.strip():
        failure = "it gave no answer"
    return CommandOutput(b"" if failure else bytes(pipes.output), failure, errors)


def _exit_failure(process: subprocess.Popen[bytes], name: str) -> str:
    code = process.returncode
    if code == 0:
        return ""
    return f"{name!r} ended with exit code {code}" if code > 0 else f"{name!r} was ended by signal {-code}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group before its leader is reaped: until then no other group can have its number."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            with suppress(OSError):
                stream.close()
    process.wait()


class _Pipes:
    """The three pipes of a process, served together, so that neither side waits for the other."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, timeout: float) -> None:
        self.process, self.unwritten = process, memoryview(stdin)
        self.output, self.errors = bytearray(), bytearray()
        self.error_bytes = 0
        self.deadline = time.monotonic() + timeout
        self.timeout = timeout

    def run(self) -> str:
        """Write and read until the process has ended and everything is read; why that failed, else ``."""
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
            if ended is not None and (not self._is_reading(selector) or now > ended + _GRACE):
                return ""  # whoever still holds the pipes is not the command
            if now > self.deadline:
                return f"no answer within {self.timeout:g} s"
            for key, _ in selector.select(_TICK) if selector.get_map() else self._pause():
                self._serve_stream(selector, key.fileobj)  # type: ignore[arg-type]
            if len(self.output) > MOST_BYTES or self.error_bytes > MOST_BYTES:
                return f"it printed more than {MOST_BYTES >> 20} MiB"

    def _pause(self) -> list[tuple[selectors.SelectorKey, int]]:
        time.sleep(_TICK)
        return []

    def _is_reading(self, selector: selectors.BaseSelector) -> bool:
        """Whether any output may still come."""
        return any(key.fileobj is not self.process.stdin for key in selector.get_map().values())

    def _has_ended(self) -> bool:
        """Whether the process has ended, without reaping it."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, options) is not None

    def _serve_stream(self, selector: selectors.BaseSelector, stream: IO[bytes]) -> None:
        try:
            done = self._write(stream) if stream is self.process.stdin else self._read(stream)
        except BlockingIOError:
            return
        except OSError:
            done = True  # a command that closes its stdin early may print an answer all the same
        if done:
            selector.unregister(stream)
            with suppress(OSError):
                stream.close()

    def _write(self, stream: IO[bytes]) -> bool:
        if self.unwritten:
            self.unwritten = self.unwritten[os.write(stream.fileno(), self.unwritten[:_CHUNK]) :]
        return not self.unwritten

    def _read(self, stream: IO[bytes]) -> bool:
        data = os.read(stream.fileno(), _CHUNK)
        if stream is self.process.stdout:
            self.output += data
        else:
            self.error_bytes += len(data)
            self.errors = (self.errors + data)[-_MOST_ERRORS:]
        return not data
