"""`mem diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of

app = typer.Typer()


@app.command("diff", cls=Command)
def diff_command(
    ctx: typer.Context,
    old: Annotated[
        str | None,
        typer.Argument(
            metavar="REV",
            help="First commit",
            show_default="show your session's changes, or those of the last promotion",
        ),
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="REV", help="Second commit", show_default="the store's tip")
    ] = None,
) -> None:
    """Show the memories that differ between two commits"""
    from memcli.cli.views.history import show_diffs
    from memcli.operations.history.diff import store_diff

    call = call_of(ctx)
    show_diffs(call, store_diff(call.workspace, old, new))
