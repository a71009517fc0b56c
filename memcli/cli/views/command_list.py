"""The pages of `mem help` that are about no single command: the list of commands, global options, exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import typer

from memcli.cli.command_table import MAIN, PLUMBING, Panel
from memcli.cli.options import global_options
from memcli.config import wants_no_color
from memcli.errors import EXIT_CODES

SUMMARY = "Give a git repository a memory that agents and people write, review and search"
EXAMPLES = (
    'mem add "Deliveries are retried at most 7 times" --path src/payments.py',
    "mem review",
    'mem recall "how often are deliveries retried"',
)


def main_list() -> str:
    """What `mem --help` prints: one screen of 40 lines at 80 columns."""
    usage = f"{_bold('Usage:')} mem [OPTIONS] COMMAND [ARGS]..."
    alone = "       mem            (alone: what waits for you, and what to do next)"
    examples = "\n".join([_bold("Examples"), *(f"  {example}" for example in EXAMPLES)])
    more = "More: mem help COMMAND, mem help plumbing, mem help options, mem help exit-codes"
    return "\n\n".join([SUMMARY, f"{usage}\n{alone}", *_panels(MAIN), examples, more])


def plumbing_list() -> str:
    """What `mem help plumbing` prints: the commands that the main list leaves out."""
    more = "More: mem help COMMAND; mem --help lists the commands for every day"
    return "\n\n".join(["The commands beside those of mem --help", *_panels(PLUMBING), more])


def option_list() -> str:
    """What `mem help options` prints: the global options."""
    rows = {
        ", ".join(option.opts) + f" {option.metavar or ''}".rstrip(): option.help or "" for option in global_options()
    }
    return "\n\n".join(["Every command takes these, before or after its name", _rows("Global options", rows)])


def exit_code_list() -> str:
    """What `mem help exit-codes` prints."""
    return _rows("Exit codes", {str(code): meaning for code, meaning in EXIT_CODES.items()})


TOPICS: dict[str, Callable[[], str]] = {
    "plumbing": plumbing_list,
    "options": option_list,
    "exit-codes": exit_code_list,
}
"""Topic of `mem help` → its page."""


def _panels(panels: Iterable[Panel]) -> list[str]:
    return [_rows(panel.title, panel.commands) for panel in panels]


def _rows(title: str, rows: Mapping[str, str]) -> str:
    """A titled table of names and what they mean; the names of all panels have one width."""
    width = max(10, *map(len, rows))
    lines = (f"  {_style(name.ljust(width), fg='cyan')}  {meaning}" for name, meaning in rows.items())
    return "\n".join([_bold(title), *lines])


def _bold(text: str) -> str:
    return _style(text, bold=True)


def _style(text: str, **style: Any) -> str:
    """Emphasis, which typer.echo takes out again where stdout is no terminal."""
    return text if wants_no_color() else typer.style(text, **style)
