"""`mem status`."""

from __future__ import annotations

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.output import hint_init
from memcli.cli.views.status_page import show_status

app = typer.Typer()


@app.command("status", cls=Command)
def status_command(ctx: typer.Context) -> None:
    """Show the state of the store, your session and the index"""
    from memcli.operations.status.status import store_status

    call = call_of(ctx)
    show_status(call, store_status(call.workspace))
    hint_init(call)
