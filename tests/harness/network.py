"""A network of its own for the harnesses: loopback and nothing else, with the stub model in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import eventually

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class StubNetwork:
    """A running stub model: its port, its directory, and what to put before a command to run it beside the model."""

    port: int
    directory: Path
    prefix: tuple[str, ...]

    @property
    def requests(self) -> Path:
        return self.directory / "requests.jsonl"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def separate_network() -> tuple[str, ...]:
    """The command that starts another one in a network of its own; empty where the system does not allow that."""
    for flags in (("-n",), ("-rn",)):
        command = ("unshare", *flags)
        if shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True).returncode == 0:
            return command
    return ()


@contextmanager
def stub_network(directory: Path) -> Iterator[StubNetwork]:
    """Run the stub model, in a network of its own where possible, and stop it at the end."""
    (directory / "scripts").mkdir(parents=True)
    unshare = separate_network()
    server = [sys.executable, "-m", "tests.harness.stub.server", str(directory)]
    process = subprocess.Popen([*unshare, *server], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        port = directory / "port"
        assert eventually(port.exists), "the stub model did not start"
        flags = ("-n",) if unshare == ("unshare", "-n") else ("-U", "-n", "--preserve-credentials")
        prefix = ("nsenter", "-t", str(process.pid), *flags, "--") if unshare else ()
        yield StubNetwork(int(port.read_text()), directory, prefix)
    finally:
        process.kill()
        process.wait()
