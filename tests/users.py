"""Commands as other users of this machine, for tests of repositories that several people use."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Result
from tests.needs import program

GROUP = 61_000
"""A group that all the users of a test are in."""
MEM = (sys.executable, "-m", "memcli")


@contextmanager
def open_directory() -> Iterator[Path]:
    """An empty directory that every user may enter; pytest's own are its user's alone. Skips the test, with the
    reason, where nobody may become another user or run this Python."""
    program("setpriv")
    if os.getuid() != 0:
        pytest.skip("needs root to become another user")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        if as_user(GROUP + 1, sys.executable, "-c", "import memcli, pygit2", cwd=place).code:
            pytest.skip("needs a Python that another user may run")
        yield place


def as_user(
    number: int, *command: str, cwd: Path, group: int = GROUP, env: Mapping[str, str] | None = None, umask: int = 0o022
) -> Result:
    """A command as the user of a number, without a home of its own; git trusts every directory."""
    trust = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
    full = {**os.environ, **trust, "HOME": "/nonexistent", "USER": f"user{number}", **(env or {})}
    done = subprocess.run([*_become(number, group), *command], cwd=cwd, env=full, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, umask=umask)  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


def _become(number: int, group: int) -> list[str]:
    return ["setpriv", f"--reuid={number}", f"--regid={number}", f"--groups={group}"]
