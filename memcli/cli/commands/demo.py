"""`mem demo`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of

app = typer.Typer()


@app.command("demo", cls=Command)
def demo_command(
    ctx: typer.Context,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the scratch clone")] = False,
) -> None:
    """Run an end-to-end tour in a scratch clone

    Bootstrap, session, review, promotion, recall and undo, on a clone of this
    repository. Nothing in this repository is touched.
    """
    from memcli.cli.demo_tour import run_tour

    call = call_of(ctx, any_session=True)
    layout = call.workspace.layout
    run_tour(layout.worktree or layout.common_dir, keep)
