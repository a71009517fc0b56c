"""Commands in a mount namespace of their own in which `.git` is read-only, as some agents' sandboxes have it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import Repo
from tests.needs import program

_READ_ONLY = 'mount --bind .git .git && mount -o remount,ro,bind .git && exec "$@"'
MEM = (sys.executable, "-m", "memcli")


def confined(*command: str) -> list[str]:
    """The command, to be run at the top of a repository."""
    return ["unshare", "-m", "sh", "-c", _READ_ONLY, "sh", *command]


def skip_unless_confined(repo: Repo) -> None:
    """Skip the test, with the reason, on a machine that cannot mount `.git` read-only."""
    program("unshare")
    done = subprocess.run(confined("touch", ".git/probe"), cwd=repo.path, capture_output=True, text=True)
    if "Read-only file system" not in done.stderr:
        pytest.skip("needs root to mount .git read-only (unshare -m)")
