"""`mem help`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command

app = typer.Typer()


@app.command("help", cls=Command)
def help_command(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[COMMAND|TOPIC]...", help="A command, or one of plumbing, options and exit-codes"),
    ] = None,
) -> None:
    """Show the help of a command, or of a topic

    Without arguments: the list of commands, as mem --help.
    """
    from memcli.cli.views.command_list import TOPICS

    name = " ".join(words or ())
    if name in TOPICS:
        typer.echo(TOPICS[name]())
    else:
        ctx.find_root().command.main([*(words or ()), "--help"], prog_name="mem", standalone_mode=False)
