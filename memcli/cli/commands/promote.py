"""`mem promote`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import AllWaiting, By, FromSource, InSession, TargetNames, Topic, Type, Yes, sessions_named

app = typer.Typer()


@app.command("promote", cls=Command)
def promote_command(
    ctx: typer.Context,
    names: TargetNames = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Promote only this candidate (repeatable)")
    ] = None,
    topic: Topic = None,
    type: Type = None,
    by: By = None,
    source: FromSource = None,
    session: InSession = None,
    all: AllWaiting = False,
    clean: Annotated[bool, typer.Option("--clean", help="Only candidates without warnings")] = False,
    skip_blocked: Annotated[
        bool, typer.Option("--skip-blocked", help="Leave out what a finding blocks, and what depends on it")
    ] = False,
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

    The result is a merge commit for each session, like that of a pull request,
    and one operation, which one 'mem undo' takes back. Candidates that are not
    promoted stay in their session; when none are left, the session ends.
    Exits with 5 if something else would land than --expect says, and with 6 if
    a finding blocks one of the candidates.
    """
    from memcli.cli.approval import promote_decided
    from memcli.cli.views.promotion import show_decided, show_nothing_promoted
    from memcli.core.review.candidate_selection import CandidateSelection
    from memcli.operations.review.decisions import Consent
    from memcli.operations.review.targets import decision_targets

    call = call_of(ctx)
    ids, sessions = (*(names or ()), *(only or ())), sessions_named(call, session)
    filters = tuple(topic or ()), tuple(type or ()), tuple(by or ())
    selection = CandidateSelection(ids, *filters, sessions, tuple(source or ()), clean, skip_blocked)
    targets = decision_targets(call.workspace, selection, all, "promote")
    if not (targets.whole or targets.refs):
        show_nothing_promoted(call, "no candidate is without warnings" if clean else "nothing awaits review")
        return
    decisions = replace(targets.promotions(), keep_both=keep_both, skip_blocked=skip_blocked, clean=clean)
    show_decided(call, promote_decided(call, decisions, Consent(yes, expect), dry_run), dry_run)
