"""`mem path`."""

from __future__ import annotations

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import Id
from memcli.cli.views.output import emit

app = typer.Typer()


@app.command("path", cls=Command)
def path_command(ctx: typer.Context, id: Id) -> None:
    """Print the path of a memory's file

    In your session's worktree if the file is there, else in the store's tree.
    """
    from memcli.operations.memories.path import memory_file

    call = call_of(ctx)
    memory = memory_file(call.workspace, id)
    data = {"id": memory.id, "path": memory.path, "file": memory.file}
    emit(call, "path", data, lambda: str(memory.file or memory.path))
