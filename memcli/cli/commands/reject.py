"""`mem reject`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import AllWaiting, By, FromSource, InSession, TargetNames, Topic, Type, Yes, sessions_named

app = typer.Typer()


@app.command("reject", cls=Command)
def reject_command(
    ctx: typer.Context,
    names: TargetNames = None,
    topic: Topic = None,
    type: Type = None,
    by: By = None,
    source: FromSource = None,
    session: InSession = None,
    all: AllWaiting = False,
    reason: Annotated[
        str, typer.Option("--reason", "-m", metavar="TEXT", help="Why; shown if the same is proposed again")
    ] = "not wanted",
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be rejected; change nothing")] = False,
) -> None:
    """Reject candidates so that they are not proposed again

    All of it is one operation, which one 'mem undo' takes back. At a terminal,
    asks before it rejects what only a filter or a glob names.
    """
    from memcli.cli.approval import may_reject
    from memcli.cli.views.output import note
    from memcli.cli.views.rejection import show_nothing_rejected, show_rejected, show_rejections
    from memcli.core.review.candidate_selection import CandidateSelection
    from memcli.operations.review.decide import decide
    from memcli.operations.review.reject import reject
    from memcli.operations.review.targets import decision_targets

    call = call_of(ctx)
    filters = tuple(topic or ()), tuple(type or ()), tuple(by or ())
    sessions = sessions_named(call, session)
    selection = CandidateSelection(tuple(names or ()), *filters, sessions, tuple(source or ()))
    targets = decision_targets(call.workspace, selection, all, "reject")
    if not (targets.whole or targets.refs):
        show_nothing_rejected(call)
        return
    if dream := targets.unfinished_dream(call.workspace.sessions):
        show_rejected(call, reject(call.workspace, dream, (), reason))
        return
    decisions = targets.rejections(call.workspace.sessions, reason)
    if targets.is_by_pattern and not (yes or dry_run or may_reject(call, decisions)):
        note(call, "nothing was changed")
        return
    show_rejections(call, decide(call.workspace, decisions, dry_run=dry_run), dry_run)
