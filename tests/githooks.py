"""Hook scripts that call the program of this checkout, and wait for it, unlike those that `mem` installs."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from memcli.agents.events import FOLLOW_BRANCHES
from memcli.operations.writing.transaction import drain_before_reading
from memcli.state.hook_log import read
from memcli.workspace import Workspace
from tests.conftest import Repo

EVENTS = ("post-commit", "post-rewrite", "post-merge", "post-checkout", "prepare-commit-msg")


def install(repo: Repo, events: tuple[str, ...] = EVENTS) -> None:
    """Write the scripts into the repository's own directory of hooks."""
    program = f"{shlex.quote(sys.executable)} -m memcli"
    for event in events:
        waited = f"{program} hook git {FOLLOW_BRANCHES} {event}\n" if event in ("post-merge", "post-checkout") else ""
        hook = repo.path / ".git" / "hooks" / event
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f'#!/bin/sh\n{program} hook git {event} "$@" || exit\n{waited}')
        hook.chmod(0o755)
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])


def recorded(repo: Repo, session: str, workspace: Workspace) -> list[list[str]]:
    """The words of each line of a session's `.session/commits`, once the journal is empty."""
    drain_before_reading(workspace)
    return [line.split() for line in shown(repo, f"refs/mem/sessions/{session}:.session/commits").splitlines()]


def shown(repo: Repo, revision: str) -> str:
    """A file in a tree; empty where there is none."""
    try:
        return repo.git("cat-file", "blob", revision)
    except subprocess.CalledProcessError:
        return ""


def failures(repo: Repo) -> str:
    """The log of what the hooks could not do."""
    outcomes = read(str(repo.path / ".git" / "mem"))
    return "\n".join(failure for _, failures in outcomes.values() for failure in failures)
