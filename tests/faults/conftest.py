"""Fixtures of the fault tests: a store in a repository, and processes that work in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.faults.world import World

DRIVER = Path(__file__).with_name("driver.py")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def world(repo: Repo, workspace: Callable[..., Workspace]) -> World:
    """A repository with an empty store."""
    init(workspace())
    return World(repo.path)


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(root, work, *arguments)` runs the driver as a process; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def run(root: Path, work: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(DRIVER), work, str(root), *arguments]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return running[-1]

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()
