"""`mem check`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of

app = typer.Typer()


@app.command("check", cls=Command)
def check_command(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="SESSION", help="Session to check", show_default="all that await review"),
    ] = None,
) -> None:
    """Run the review checks without promoting, for CI

    Exits with 6 if a session is blocked.
    """
    from memcli.cli.views.check_page import show_checks
    from memcli.operations.review.check import check_sessions

    call = call_of(ctx)
    result = check_sessions(call.workspace, name)
    show_checks(call, result.reviews)
    if result.is_blocked:
        raise typer.Exit(6)
