"""`mem complete`, which the scripts of `mem completion` call while somebody types: hidden, quick, never an error."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command

app = typer.Typer()


@app.command("complete", cls=Command, hidden=True)
def complete_command(
    ctx: typer.Context, words: Annotated[list[str] | None, typer.Argument(metavar="WORD...")] = None
) -> None:
    """Print what may stand in place of the last WORD after 'mem'"""
    from memcli.cli.completion import complete
    from memcli.cli.views.output import print_result, printable

    try:
        completions = complete(ctx.find_root().command, words or [""])
        for value, description in completions:
            print_result(printable(f"{value}\t{' '.join(description.split())}"))
    except Exception:
        raise typer.Exit from None  # nobody who presses a key wants to read about it
