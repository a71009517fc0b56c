"""The man page: installed beside the program it is what `git help mem`, `git mem --help` and `man mem` show."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from memcli.cli.command_table import COMMANDS
from memcli.cli.manual import manual
from tests.conftest import Repo
from tests.needs import program

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "man"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with the program and its pages installed below one directory, as in a virtual environment."""
    (tmp_path / "bin").mkdir()
    shutil.copytree(PAGES, tmp_path / "share/man/man1")
    for name in ("mem", "git-mem"):
        script = tmp_path / "bin" / name
        script.write_text("#!/bin/sh\necho the program itself was called; exit 1\n")
        script.chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "MANPAGER": "cat", "MANWIDTH": "80"}


@pytest.mark.parametrize("words", [("git", "help", "mem"), ("git", "mem", "--help"), ("man", "mem")], ids=" ".join)
def test_it_is_shown(repo: Repo, environment: dict[str, str], words: tuple[str, ...]) -> None:
    program("man")
    shown = subprocess.run(words, cwd=repo.path, env=environment, capture_output=True, text=True, check=True)
    assert shown.stderr == "" and "git-mem, mem - give a git repository a memory" in shown.stdout
    assert [name for name in COMMANDS if f"\n       mem {name}" not in shown.stdout] == []
    assert "       mem session start [NAME]\n              Start a session" in shown.stdout
    assert "\n              --no-recall" not in shown.stdout and "--recall, --no-recall" in shown.stdout


def test_it_is_sound_roff() -> None:
    check = [program("man"), "--warnings", "--local-file", str(PAGES / "git-mem.1")]
    shown = subprocess.run(check, capture_output=True, text=True, check=True, env={**os.environ, "MANPAGER": "cat"})
    assert shown.stderr == ""


def test_it_says_what_the_program_says() -> None:
    page = manual()
    assert all(
        f"{summary}." in page.replace("\\-", "-") for name, summary in COMMANDS.items() if name in ("add", "undo")
    )
    assert not [line for line in page.split("\n") if line.startswith("'")]


def test_it_is_installed_where_man_looks() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["shared-data"] == {"docs/man": "share/man/man1"}
    assert {page.name for page in PAGES.iterdir()} == {"git-mem.1", "mem.1"}
