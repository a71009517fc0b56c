"""The command table, and the group that imports a command's module only when it is called or listed.

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
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("start", START),
    "status": ("start", START),
    "demo": ("start", START),
    "doctor": ("start", START),
    "bootstrap": ("start", START),
    "policy": ("policy", START),
    "add": ("add", MEMORIES),
    "show": ("memories", MEMORIES),
    "list": ("memories", MEMORIES),
    "edit": ("edit", MEMORIES),
    "retire": ("edit", MEMORIES),
    "supersede": ("edit", MEMORIES),
    "resolve": ("edit", MEMORIES),
    "verify": ("verify", MEMORIES),
    "path": ("memories", MEMORIES),
    "session": ("session", SESSIONS),
    "review": ("review", SESSIONS),
    "promote": ("promote", SESSIONS),
    "reject": ("promote", SESSIONS),
    "check": ("review", SESSIONS),
    "recall": ("recall", RECALL),
    "hydrate": ("pack", RECALL),
    "replay": ("pack", RECALL),
    "index": ("index", RECALL),
    "log": ("history", HISTORY),
    "diff": ("history", HISTORY),
    "why": ("history", HISTORY),
    "undo": ("undo", HISTORY),
    "op": ("undo", HISTORY),
    "dream": ("dream", UPKEEP),
    "curate": ("curate", UPKEEP),
    "hooks": ("hooks", UPKEEP),
    "exclude": ("exclude", UPKEEP),
}
"""Command → (module in memcli.cli.commands, the heading it is listed under)."""


class LazyGroup(GlobalOptions, TyperGroup):
    """Finds commands by the table; only the called one's module is imported."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            self.commands[cmd_name] = load(cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS:
            self.commands.update(
                {name: load(name) for name in COMMANDS}
            )  # so that a typo is answered with what is near
        return super().resolve_command(ctx, args)


def load(name: str) -> Any:
    """The command of that name, from its module's Typer app."""
    module, panel = COMMANDS[name]
    app: typer.Typer = importlib.import_module(f"memcli.cli.commands.{module}").app
    for group in app.registered_groups:
        if group.name == name:
            group.rich_help_panel = panel
            return typer.main.get_group_from_info(
                group, pretty_exceptions_short=True, suggest_commands=True, rich_markup_mode="rich"
            )
    info = next(info for info in app.registered_commands if info.name == name)
    info.rich_help_panel = panel
    return typer.main.get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode="rich")


app = typer.Typer(
    cls=LazyGroup,
    name="mem",
    help="Give a git repository a memory: agents and developers write it, a review decides, recall finds it",
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


def command() -> Any:
    """The whole program as one command."""
    return typer.main.get_command(app)
