"""`mem check`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.core.review.verdict import BLOCKED

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
    from memcli.cli.views.review_page import show_checks
    from memcli.operations.review.review import review_session, waiting_sessions

    call = call_of(ctx)
    names = [name] if name else [session.name for session, _ in waiting_sessions(call.workspace)]
    reviews = [review_session(call.workspace, session) for session in names]
    show_checks(call, reviews)
    if any(review.verdict == BLOCKED for review in reviews):
        raise typer.Exit(6)
