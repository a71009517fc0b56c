"""`mem log`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of

app = typer.Typer()


@app.command("log", cls=Command)
def log_command(
    ctx: typer.Context,
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="Show one memory's history", show_default="the store's")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Show the history of all memories with this key")] = None,
    n: Annotated[int, typer.Option("-n", metavar="N", min=1, help="Show at most N promotions")] = 20,
) -> None:
    """Show what entered the store, promotion by promotion

    The newest comes first.
    """
    from memcli.cli.views.history import show_log
    from memcli.operations.history.log import store_log

    call = call_of(ctx)
    show_log(call, store_log(call.workspace, id, key, n))
