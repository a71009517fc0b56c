"""`mem promote` at a terminal: a person sees what lands before they are asked, and nothing else lands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.terminal import Terminal


@pytest.fixture
def terminal(repo: Repo, mem: Mem, tmp_path: Path) -> Terminal:
    """In a repository where an agent's session waits."""
    mem("init")
    mem("--agent", "codex", "session", "start", "work")
    mem("--agent", "codex", "add", "The queue is durable.", "--session", "work")
    return Terminal(repo, tmp_path / "editor")


def test_the_diff_is_shown_before_the_question(terminal: Terminal, repo: Repo) -> None:
    code, output = terminal.run("promote", "work", editor="exit 1", typed="y\n")
    assert code == 0
    assert output.index("The queue is durable") < output.index("promote?")
    assert "The queue is durable" in repo.git("show", "mem/main:MEMORY.md")


def test_what_moves_behind_the_question_does_not_land(terminal: Terminal, mem: Mem, repo: Repo) -> None:
    process, handle = terminal.start("promote", "work", editor="exit 1")
    shown = ""
    while "promote?" not in shown:
        shown += os.read(handle, 1 << 16).decode()
    assert mem("add", "Another fact, by a person.", "--promote").code == 0
    before = repo.git("rev-parse", "mem/main")
    os.write(handle, b"y\n")
    code, output = Terminal.end(process, handle)
    assert code == 5 and "no longer" in output, shown + output
    assert repo.git("rev-parse", "mem/main") == before


@pytest.mark.parametrize("sessions", [1, 2])
def test_no_promotes_nothing(terminal: Terminal, mem: Mem, repo: Repo, sessions: int) -> None:
    mem("--agent", "codex", "session", "start", "other")
    mem("--agent", "codex", "add", "Queues are polled.", "--session", "other")
    before = repo.git("rev-parse", "mem/main")
    code, output = terminal.run("promote", *("work", "other")[:sessions], editor="exit 1", typed="n\n")
    assert code == 6 and "not promoted; nothing was changed" in output and "requires approval" not in output[-120:]
    assert repo.git("rev-parse", "mem/main") == before
