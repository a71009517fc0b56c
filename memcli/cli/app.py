"""The program: a group that imports a command's module only when the command is called.

Importing this module loads none of chromadb, numpy, git, pygit2, rich.
"""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

from memcli.cli.command_table import COMMANDS, HIDDEN, SYNONYMS
from memcli.cli.options import GlobalOptions, call_of, refuse_unknown_command


class LazyGroup(GlobalOptions, TyperGroup):
    """Finds commands in the table and imports only the module of the one that is called."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and (cmd_name in COMMANDS or cmd_name in HIDDEN):
            self.commands[cmd_name] = load_command(cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called by its name, or by another program's word for it. Raises Usage for other words."""
        word, *rest = args
        if word in SYNONYMS:
            _tell_name(ctx, word, rest)
            return super().resolve_command(ctx, [*SYNONYMS[word].split(), *rest])
        if not ctx.resilient_parsing:
            refuse_unknown_command(ctx, word, COMMANDS, SYNONYMS, HIDDEN)
        return super().resolve_command(ctx, args)

    def format_help(self, _ctx: Any, formatter: Any) -> None:
        """The list of commands, which imports neither their modules nor rich."""
        from memcli.cli.views.command_list import main_list

        formatter.write(main_list())


def _tell_name(ctx: Any, word: str, rest: list[str]) -> None:
    """Say on stderr which command runs in place of a synonym."""
    from memcli.cli.views.output import note

    if not ctx.resilient_parsing and not {"--json", "-q", "--quiet"} & set(rest):
        note(call_of(ctx), f"'mem {word}' runs 'mem {SYNONYMS[word]}'")


def load_command(name: str) -> Any:
    """The command of that name, from its module's Typer app."""
    app: typer.Typer = importlib.import_module(f"memcli.cli.commands.{name}").app
    for group in app.registered_groups:
        if group.name == name:
            return typer.main.get_group_from_info(
                group, pretty_exceptions_short=True, suggest_commands=True, rich_markup_mode="rich"
            )
    info = next(info for info in app.registered_commands if info.name == name)
    return typer.main.get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode="rich")


app = typer.Typer(
    cls=LazyGroup,
    name="mem",
    help="Give a git repository a memory that coding agents and people write, review and search",
    no_args_is_help=False,
    invoke_without_command=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
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
        from memcli.cli.start_page import show_start_page

        show_start_page(ctx)


def program() -> Any:
    """The whole program as one click command."""
    return typer.main.get_command(app)
