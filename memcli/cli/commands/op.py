"""`mem op log`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, Group, call_of

app = typer.Typer()
op = typer.Typer(cls=Group, help="List operations, for 'mem undo'")
app.add_typer(op, name="op")


@op.command("log", cls=Command)
def log_command(
    ctx: typer.Context,
    n: Annotated[int, typer.Option("-n", metavar="N", min=1, help="Show at most N operations")] = 20,
    all: Annotated[bool, typer.Option("--all", help="Include undone operations, and undos themselves")] = False,
) -> None:
    """List operations, newest first"""
    from memcli.cli.views.history import show_operations
    from memcli.operations.history.operation_log import list_operations

    call = call_of(ctx)
    show_operations(call, list_operations(call.workspace, n, all))
