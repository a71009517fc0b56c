"""`mem init`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.output import emit, note

app = typer.Typer()


@app.command("init", cls=Command)
def init_command(
    ctx: typer.Context,
    branch: Annotated[
        str | None, typer.Option(metavar="BRANCH", help="Branch that holds the memory", show_default="mem/main")
    ] = None,
) -> None:
    """Set up memory in this repository, or adopt its remote's"""
    from memcli.operations.setup.init import init

    call = call_of(ctx, any_session=True)
    store = init(call.workspace, branch)
    data = {"branch": store.branch, "root": store.root, "tip": store.tip, "created": store.created,
            "adopted": store.adopted}  # fmt: skip
    state = "created" if store.created else "ready" if store.adopted else "already initialised"
    origin = f", adopted from {store.adopted.removeprefix('refs/remotes/')}" if store.adopted else ""
    emit(call, "init", data, lambda: f"{state}: {store.branch} at {store.tip[:10]}{origin}")
    if store.created:
        note(call, "next: 'mem add TEXT' adds a memory, 'mem bootstrap' proposes what the repository already knows")
