"""An author writes on while other processes save, review, promote, close and serve hooks: every line that was written
is in a file or in history.

`MEM_AUTHOR_ACTIONS` says how many lines (`make authors` writes 10,000). The control is a program that reads, completes
and writes back the same files; the same author loses lines beside it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from memcli.operations.sessions.start import start_session
from memcli.workspace import Workspace
from tests.faults.conftest import Start
from tests.faults.world import World

Open = Callable[..., Workspace]
AUTHOR = Path(__file__).with_name("author.py")
ACTIONS = int(os.environ.get("MEM_AUTHOR_ACTIONS", "600"))
PROCESSES = 3


def written_beside(world: World, processes: list[subprocess.Popen[str]], count: int) -> set[str]:
    """The markers of the lines that an author has written while the processes worked."""
    command = [sys.executable, str(AUTHOR), str(world.path / ".mem"), str(count), str(os.getpid())]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for process in processes:
        assert process.poll() is None, process.communicate()
        process.kill()
        print(process.communicate()[0][-2000:])
    return set(done.stdout.split())


def markers_in_files(world: World) -> set[str]:
    """The markers in files below `.mem`, those that gave way to newer ones included, and in the journal."""
    places = [world.path / ".mem", world.mem_dir / "journal"]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    return set(re.findall(r"marker-\d+-", "\n".join(path.read_text(errors="replace") for path in files)))


def markers_in_history(world: World) -> set[str]:
    """The markers in all blobs that refs reach."""
    objects = [line.split()[0] for line in world.git("rev-list", "--objects", "--all").splitlines()]
    command, names = ["git", "cat-file", "--batch"], "\n".join(objects).encode()
    done = subprocess.run(command, cwd=world.path, input=names, capture_output=True, check=True)
    return {marker.decode() for marker in re.findall(rb"marker-\d+-", done.stdout)}


def test_no_line_of_an_author_is_lost(world: World, workspace: Open, start: Start) -> None:
    start_session(workspace(), "work-1", worktree=True)
    processes = [start(world.path, "tend", str(number)) for number in range(PROCESSES)]
    written = written_beside(world, processes, ACTIONS)
    assert len(written) == ACTIONS
    assert written - markers_in_files(world) - markers_in_history(world) == set()
    assert len(markers_in_history(world)) > ACTIONS / 10


def test_the_same_author_loses_lines_beside_a_naive_writer(world: World, workspace: Open, start: Start) -> None:
    start_session(workspace(), "work-1", worktree=True)
    process = start(world.path, "naive", "1")
    written = written_beside(world, [process], 300)
    assert written - markers_in_files(world) - markers_in_history(world) != set()
