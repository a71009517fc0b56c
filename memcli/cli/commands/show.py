"""`mem show`."""

from __future__ import annotations

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import AsOf, Id, ValidAt
from memcli.cli.views.memory_lines import show_one
from memcli.cli.views.output import hint_init

app = typer.Typer()


@app.command("show", cls=Command)
def show_command(ctx: typer.Context, id: Id, as_of: AsOf = None, valid_at: ValidAt = None) -> None:
    """Show a memory's front matter and body

    With '--valid-at', the memory with the same key that held then.
    """
    from memcli.operations.memories.show import show_memory

    call = call_of(ctx)
    show_one(call, show_memory(call.workspace, id, as_of, valid_at))
    hint_init(call)
