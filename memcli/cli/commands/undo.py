"""`mem undo`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of

app = typer.Typer()


@app.command("undo", cls=Command)
def undo_command(
    ctx: typer.Context,
    op: Annotated[
        str | None, typer.Argument(metavar="OP", help="Operation to undo", show_default="your last operation")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be undone; change nothing")] = False,
) -> None:
    """Undo your last operation, or a named one

    Moves the ref back if nothing else would be lost, else commits the inverse
    change.
    """
    from memcli.cli.views.history import show_undone
    from memcli.operations.history.undo import undo

    call = call_of(ctx)
    show_undone(call, undo(call.workspace, op, dry_run), dry_run)
