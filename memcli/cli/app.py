"""The table of commands, and the group that imports a command's module only when the command is called or listed.

Importing this module loads none of chromadb, numpy, git, pygit2, rich.
"""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

from memcli.cli.options import GlobalOptions

START, MEMORIES, SESSIONS, RECALL, HISTORY, UPKEEP = (
    "Start",
    "Memories",
    "Sessions and review",
    "Recall",
    "History",
    "Upkeep",
)
PANELS: dict[str, tuple[str, ...]] = {
    START: ("init", "status", "demo", "doctor", "bootstrap", "policy"),
    MEMORIES: ("add", "show", "list", "edit", "retire", "supersede", "resolve", "verify", "path"),
    SESSIONS: ("session", "review", "promote", "reject", "check"),
    RECALL: ("recall", "hydrate", "replay", "index"),
    HISTORY: ("log", "diff", "why", "undo", "op"),
    UPKEEP: ("dream", "curate", "hooks", "exclude"),
}
"""Panel of `mem --help` → its commands; each has the module of its name in `memcli.cli.commands`."""
COMMANDS: dict[str, str] = {name: panel for panel, names in PANELS.items() for name in names}
"""Command → the panel it is listed in."""


class LazyGroup(GlobalOptions, TyperGroup):
    """Finds commands in the table and imports only the module of the one that is called."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            self.commands[cmd_name] = load_command(cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS:  # load all of them, so that a typo gets suggestions
            self.commands.update({name: load_command(name) for name in COMMANDS})
        return super().resolve_command(ctx, args)


def load_command(name: str) -> Any:
    """The command of that name, from its module's Typer app."""
    app: typer.Typer = importlib.import_module(f"memcli.cli.commands.{name}").app
    for group in app.registered_groups:
        if group.name == name:
            group.rich_help_panel = COMMANDS[name]
            return typer.main.get_group_from_info(
                group, pretty_exceptions_short=True, suggest_commands=True, rich_markup_mode="rich"
            )
    info = next(info for info in app.registered_commands if info.name == name)
    info.rich_help_panel = COMMANDS[name]
    return typer.main.get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode="rich")


app = typer.Typer(
    cls=LazyGroup,
    name="mem",
    help="Give a git repository a memory that coding agents and people write, review and search",
    no_args_is_help=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback()
def _root(
    ctx: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and exit"),
) -> None:
    from memcli import __version__

    if version:
        typer.echo(f"mem {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def program() -> Any:
    """The whole program as one click command."""
    return typer.main.get_command(app)
