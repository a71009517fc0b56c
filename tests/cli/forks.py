"""Whole roads at a bearable price: one process imports the program, every command is a fork of it.

A fork has its own working directory, environment, streams and memory, as a process of its own has; only the imports
are shared. `mem` of the conftest stays the real thing; this is for tests with hundreds of commands.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.conftest import Result

PATIENCE = 60.0
"""Seconds a command may take: one that runs a hanging hook fails instead of waiting for it."""


_NEW = os.O_WRONLY | os.O_CREAT


class Forks:
    """`run` forks one command of the warm process."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        self._server = server

    def run(
        self, *words: str, cwd: Path, env: Mapping[str, str] | None = None, input: str | bytes | None = None
    ) -> Result:
        data = input.encode() if isinstance(input, str) else input or b""
        with tempfile.TemporaryDirectory() as place:
            streams = {name: str(Path(place) / name) for name in ("in", "out", "err")}
            Path(streams["in"]).write_bytes(data)
            code = self._ask({"words": words, "cwd": str(cwd), "env": {**os.environ, **(env or {})}, **streams})
            out, err = (Path(streams[name]).read_bytes().decode() for name in ("out", "err"))
            return Result(code, out, err)

    def _ask(self, job: dict[str, Any]) -> int:
        requests, answers = self._server.stdin, self._server.stdout
        assert requests and answers
        requests.write(json.dumps(job).encode() + b"\n")
        requests.flush()
        ready, _, _ = select.select([answers], [], [], PATIENCE)
        if not ready:
            self._server.kill()
            raise TimeoutError(f"mem {' '.join(job['words'])} hangs")
        return int(answers.readline())


@contextmanager
def forks() -> Iterator[Forks]:
    """Start the warm process; it ends with its stdin."""
    server = subprocess.Popen([sys.executable, "-m", "tests.cli.forks"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              cwd=Path(__file__).parents[2])  # fmt: skip
    try:
        yield Forks(server)
    finally:
        assert server.stdin
        server.stdin.close()
        server.wait(10)


def _serve(requests: IO[bytes]) -> None:
    import memcli

    for module in pkgutil.walk_packages(memcli.__path__, "memcli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for heavy in ("pygit2", "git.cmd", "ruamel.yaml", "markdown_it", "Stemmer", "sqlite3", "rich.console"):
        importlib.import_module(heavy)
    while line := requests.readline():
        pid = os.fork()
        if pid == 0:
            _become(json.loads(line))
        _, status = os.waitpid(pid, 0)
        os.write(1, b"%d\n" % os.waitstatus_to_exitcode(status))


def _become(job: dict[str, Any]) -> None:
    """Be that command: its directory, environment and streams, then exit."""
    from memcli.cli.boundary import run

    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    for number, name, flags in ((0, "in", os.O_RDONLY), (1, "out", _NEW), (2, "err", _NEW)):
        os.dup2(os.open(job[name], flags, 0o600), number)
    code = 70
    try:
        code = run(job["words"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(open(0, "rb", buffering=0))  # noqa: SIM115
