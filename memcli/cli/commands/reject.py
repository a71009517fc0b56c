"""`mem reject`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.core.session.names import THE_DREAM

app = typer.Typer()


@app.command("reject", cls=Command)
def reject_command(
    ctx: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="SESSION|ID...", help="Candidates to reject", show_default="all of the session"),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", "-m", metavar="TEXT", help="Why; shown if the same is proposed again")
    ] = "not wanted",
) -> None:
    """Reject candidates so that they are not proposed again"""
    from memcli.cli.views.rejection import show_rejected
    from memcli.operations.review.reject import reject
    from memcli.operations.review.review import choose_session, choose_session_of

    call = call_of(ctx)
    candidates = list(ids or [])
    is_named = candidates and (candidates[0] == THE_DREAM or call.workspace.selection.is_open(candidates[0]))
    named = choose_session(call.workspace, candidates.pop(0)) if is_named else None
    session = named or choose_session_of(call.workspace, candidates, "reject")
    show_rejected(call, reject(call.workspace, session, candidates, reason))
