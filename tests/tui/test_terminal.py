"""`mem ui` in a real terminal: how it starts, is interrupted, goes on, opens the editor, and ends."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import psutil
import pytest

from tests.conftest import Mem, Repo
from tests.tui.tmux import Tmux, at_tmux
from tests.waiting import eventually

CHECKED = ("1 need attention", "warned")


def test_accept_and_apply(inbox: Repo, tmp_path: Path) -> None:
    with at_tmux(inbox.path, tmp_path) as tmux:
        tmux.shows(*CHECKED)
        tmux.type("A", "Enter")
        tmux.shows("3 accepted")
        tmux.type("Enter")
        tmux.shows("1 waiting", "accepted 3")
        tmux.type("q")
        tmux.shows("exit=0")
    assert "The ledger books webhooks" in inbox.git("show", "mem/main:MEMORY.md")


def test_a_kill_leaves_the_decisions(inbox: Repo, tmp_path: Path) -> None:
    with at_tmux(inbox.path, tmp_path) as tmux:
        tmux.shows(*CHECKED)
        tmux.type("A")
        tmux.shows("✓ 3")
        pid = tmux.pid()
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: not psutil.pid_exists(pid))
    with at_tmux(inbox.path, tmp_path) as tmux:
        tmux.shows("Go on where you left off?", "3 decisions")
        tmux.type("y")
        tmux.shows("✓ 3")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_clean_screen(inbox: Repo, tmp_path: Path, number: signal.Signals) -> None:
    with at_tmux(inbox.path, tmp_path) as tmux:
        tmux.shows(*CHECKED)
        os.kill(tmux.pid(), number)
        _ends_with(tmux, 130)


def test_ctrl_c_ends_it_and_keeps_the_decisions(inbox: Repo, tmp_path: Path) -> None:
    with at_tmux(inbox.path, tmp_path) as tmux:
        tmux.shows(*CHECKED)
        tmux.type("A")
        tmux.shows("✓ 3")
        tmux.type("C-c")
        _ends_with(tmux, 130)
        tmux.shows("3 decisions kept; 'mem ui'")


def test_color_never_draws_no_colours(inbox: Repo, tmp_path: Path) -> None:
    with at_tmux(inbox.path, tmp_path, words=("--color", "never")) as tmux:
        tmux.shows(*CHECKED)
        drawn = tmux.run("capture-pane", "-e", "-p")
    colours = {tuple(map(int, match)) for match in re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", drawn)}
    assert all(max(colour) - min(colour) <= 2 for colour in colours)


def _ends_with(tmux: Tmux, code: int) -> None:
    tmux.shows(f"exit={code}")
    assert eventually(lambda: "need attention" not in tmux.screen())
    assert "Traceback" not in tmux.screen()


def test_the_editor_changes_a_candidate_which_is_judged_again(inbox: Repo, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/60 minutes/15 minutes/' \"$1\"\n")
    editor.chmod(0o755)
    with at_tmux(inbox.path, tmp_path, env={"EDITOR": str(editor)}) as tmux:
        tmux.shows(*CHECKED, "Access tokens live for 60")
        tmux.type("e")
        tmux.shows("live for 15 minutes", "blocked")


@pytest.mark.parametrize("size", [(80, 24), (140, 50)])
def test_without_colour_the_chosen_row_is_still_told(inbox: Repo, tmp_path: Path, size: tuple[int, int]) -> None:
    with at_tmux(inbox.path, tmp_path, size, {"NO_COLOR": "1"}) as tmux:
        tmux.shows(*CHECKED, "›   + Access tokens")
        tmux.type("Down")
        tmux.shows("›   + The ledger")
        assert tmux.screen().count("›") == 1


@pytest.mark.usefixtures("inbox")
def test_without_a_terminal_it_names_the_commands(mem: Mem) -> None:
    result = mem("ui")
    assert result.code == 2 and "mem review" in result.err
    assert mem("ui", "--json").code == 2


def test_without_a_store_it_is_the_usual_error(repo: Repo, tmp_path: Path) -> None:
    with at_tmux(repo.path, tmp_path) as tmux:
        tmux.shows("exit=3", "mem init")


def test_a_dumb_terminal_is_refused(inbox: Repo, tmp_path: Path) -> None:
    with at_tmux(inbox.path, tmp_path, size=(140, 24), env={"TERM": "dumb"}) as tmux:
        tmux.shows("cannot draw on a dumb terminal", "mem review -p --plain", "exit=2")
