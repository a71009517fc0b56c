"""What `mem --help` and `mem help` print: short lists that fit a screen, and the help of every command."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from memcli.cli.app import load_command
from memcli.cli.command_table import COMMANDS, MAIN, PLUMBING
from tests.conftest import Mem, Repo
from tests.terminal import Terminal

LISTED = [name for panel in MAIN for name in panel.commands]


def helps(command: Any, *names: str) -> list[tuple[str, ...]]:
    """The words that call a command and each command below it."""
    below = getattr(command, "commands", {})
    return [names, *(words for name, inner in below.items() for words in helps(inner, *names, name))]


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("help",)], ids=" ".join)
def test_the_list_fits_one_screen(fast: Mem, words: tuple[str, ...]) -> None:
    listing = fast(*words)
    lines = listing.out.splitlines()
    assert (listing.code, listing.err) == (0, "")
    assert len(lines) <= 40 and max(map(len, lines)) <= 80
    assert "\x1b" not in listing.out
    assert [line.split()[0] for line in lines if re.match(r"  [a-z]+ {2,}[A-Z]", line)] == LISTED


def test_colour_is_for_terminals_and_not_with_no_color(repo: Repo, tmp_path: Path) -> None:
    terminal = Terminal(repo, tmp_path / "editor")
    assert "\x1b[1mStart" in terminal.run("--help", editor="true")[1]
    assert "\x1b" not in terminal.run("--help", editor="true", env={"NO_COLOR": "1"})[1]


def test_at_most_sixteen_commands_are_for_every_day() -> None:
    assert len(LISTED) <= 16 and len(COMMANDS) == len(LISTED) + sum(len(panel.commands) for panel in PLUMBING)


def test_plumbing_lists_the_others(fast: Mem) -> None:
    listing = fast("help", "plumbing")
    assert [name for name in COMMANDS if f"\n  {name} " in listing.out] == [c for c in COMMANDS if c not in LISTED]
    assert max(map(len, listing.out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_help_of_the_command_says(name: str) -> None:
    assert (load_command(name).help or "").partition("\n")[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_in_three_ways(fast: Mem, name: str) -> None:
    for words in helps(load_command(name), name):
        asked = [fast(*words, "--help"), fast(*words, "-h"), fast("help", *words)]
        assert asked[0].code == 0 and f"Usage: mem {' '.join(words)}" in asked[0].out
        assert asked == [asked[0]] * 3
        assert "Global options: mem help options" in asked[0].out and "--no-input" not in asked[0].out


def test_values_are_called_by_what_they_are(fast: Mem) -> None:
    assert all("<str>" not in fast(name, "--help").out for name in ("recall", "list", "edit", "promote"))
    assert "prompt" in fast("hydrate", "--help").out and re.search("--topic +TOPIC", fast("list", "--help").out)


def test_topics(fast: Mem) -> None:
    assert "--no-input" in fast("help", "options").out
    assert "6           refused by the gate" in fast("help", "exit-codes").out


@pytest.mark.parametrize(
    ("words", "hint"), [(("shwo",), "'show'"), (("session", "strat"), "'start'"), (("xyzzy",), "")]
)
def test_help_of_something_unknown(fast: Mem, words: tuple[str, ...], hint: str) -> None:
    asked = fast("help", *words)
    assert (asked.code, asked.out) == (2, "") and hint in asked.err


def test_version(fast: Mem) -> None:
    assert re.fullmatch(r"mem \d+\.\d+\S*\n", fast("--version").out)
