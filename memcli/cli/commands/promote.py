"""`mem promote`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import Session, Yes

app = typer.Typer()


@app.command("promote", cls=Command)
def promote_command(
    ctx: typer.Context,
    name: Session = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Promote only this candidate (repeatable)")
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(metavar="RESULT", help="Fail unless this is what lands: the result that 'mem review' shows"),
    ] = None,
    keep_both: Annotated[
        bool, typer.Option("--keep-both", help="Let both sides of a conflict stand until 'mem resolve' (people only)")
    ] = False,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would land; change nothing")] = False,
) -> None:
    """Merge a session's reviewed candidates into the store

    The result is a merge commit, like that of a pull request. Candidates that
    are not promoted stay in the session; when none are left, the session ends.
    With --expect and --only, pass the result of 'mem review' with the same
    --only. Exits with 5 if something else would land.
    """
    from memcli.cli.approval import promote_with_approval
    from memcli.cli.views.promotion import show_promoted
    from memcli.operations.review.promote import PromoteRequest
    from memcli.operations.review.review import choose_session, choose_session_of

    call = call_of(ctx)
    workspace = call.workspace
    session = choose_session(workspace, name) if name else choose_session_of(workspace, only or (), "promote")
    request = PromoteRequest(session, tuple(only or ()), expect, consent=yes, keep_both=keep_both, dry_run=dry_run)
    promoted = promote_with_approval(call, request)
    show_promoted(call, promoted, dry_run)
