"""Commands in a mount namespace of their own in which `.git` is read-only, as some agents' sandboxes have it."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.conftest import Repo

_READ_ONLY = 'mount --bind .git .git && mount -o remount,ro,bind .git && exec "$@"'
MEM = (sys.executable, "-m", "memcli")


def confined(*command: str) -> list[str]:
    """The command, to be run at the top of a repository."""
    return ["unshare", "-m", "sh", "-c", _READ_ONLY, "sh", *command]


def skip_unless_confined(repo: Repo) -> None:
    """Skip the test, with the reason, on a machine that cannot mount `.git` read-only."""
    probe = confined("touch", ".git/probe")
    done = subprocess.run(probe, cwd=repo.path, capture_output=True, text=True) if shutil.which("unshare") else None
    if done is None or "Read-only file system" not in done.stderr:
        pytest.skip("this machine cannot mount a directory read-only (unshare -m, as root)")
