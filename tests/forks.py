"""Commands as forks of one process that has imported the program, for tests that run hundreds of them.

A fork has a working directory, environment, streams and memory of its own, as any process has; only the imports are
shared. The fixture `mem` of the conftest runs the program from its start.
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
from tests.waiting import LIMIT

_NEW = os.O_WRONLY | os.O_CREAT


class Forks:
    """`run` runs one command as a fork of the process."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        self._server = server

    @property
    def pid(self) -> int:
        """The number of the process that is forked."""
        return self._server.pid

    def run(
        self, *words: str, cwd: Path, env: Mapping[str, str] | None = None, input: str | bytes | None = None
    ) -> Result:
        data = input.encode() if isinstance(input, str) else input or b""
        with tempfile.TemporaryDirectory() as directory:
            streams = {name: str(Path(directory) / name) for name in ("in", "out", "err")}
            Path(streams["in"]).write_bytes(data)
            code = self._ask({"words": words, "cwd": str(cwd), "env": {**os.environ, **(env or {})}, **streams})
            out, err = (Path(streams[name]).read_bytes().decode() for name in ("out", "err"))
            return Result(code, out, err)

    def _ask(self, job: dict[str, Any]) -> int:
        requests, answers = self._server.stdin, self._server.stdout
        assert requests and answers
        requests.write(json.dumps(job).encode() + b"\n")
        requests.flush()
        ready, _, _ = select.select([answers], [], [], LIMIT)
        if not ready:
            self._server.kill()
            raise TimeoutError(f"mem {' '.join(job['words'])} hangs")
        return int(answers.readline())


@contextmanager
def forks(*within: str) -> Iterator[Forks]:
    """Start the process, by a command that runs another if one is given; it ends with its stdin."""
    command = [*within, sys.executable, "-m", "tests.forks"]
    home = Path(__file__).parents[1]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home)
    try:
        yield Forks(server)
    finally:
        assert server.stdin
        server.stdin.close()
        server.wait()


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
    """Run the command in this process, in its directory, environment and streams, then exit."""
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
