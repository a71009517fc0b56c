"""`mem retire`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import Id
from memcli.cli.views.written_memory import show_written

app = typer.Typer()


@app.command("retire", cls=Command)
def retire_command(
    ctx: typer.Context,
    id: Id,
    reason: Annotated[str, typer.Option("--reason", "-m", metavar="TEXT", help="Why it no longer holds")] = "",
) -> None:
    """Mark a memory as no longer in use

    It stays in the history, and visible with '--all'.
    """
    from memcli.operations.memories.retire import retire_memory

    call = call_of(ctx)
    show_written(call, "retire", retire_memory(call.workspace, id, reason))
