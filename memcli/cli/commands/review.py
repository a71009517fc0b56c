"""`mem review`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Call, Command, call_of
from memcli.cli.selectors import Plain, Session
from memcli.cli.views.terminal import progress
from memcli.core.review.verdict import BLOCKED

app = typer.Typer()


@app.command("review", cls=Command)
def review_command(
    ctx: typer.Context,
    name: Session = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Review only this candidate (repeatable)")
    ] = None,
    patch: Annotated[bool, typer.Option("-p", "--patch", help="Decide on each candidate in turn")] = False,
    plain: Plain = False,
) -> None:
    """Show what waits for review, as a pull request page

    A summary, the findings of the checks, and for each memory what the store
    says now against what it would say. Exits with 6 if a finding blocks the
    promotion.
    """
    from memcli.cli.views.review_page import show_review
    from memcli.operations.dream.dream import describe_if_dream
    from memcli.operations.review.gate import GateScope
    from memcli.operations.review.review import review_session

    call = call_of(ctx)
    if patch:
        from memcli.cli.interactive_review import ask_about_candidates
        from memcli.core.review.candidate_selection import CandidateSelection

        ask_about_candidates(call, CandidateSelection(tuple(filter(None, (name, *(only or ()))))), plain)
        return
    session = _session(call, name)
    if session is None:
        return
    with progress(call, "checking"):
        review = review_session(call.workspace, session, GateScope(tuple(only or ())))
    show_review(call, review, describe_if_dream(call.workspace, session))
    if review.verdict == BLOCKED:
        raise typer.Exit(6)


def _session(call: Call, name: str | None) -> str | None:
    """The session to show; None where nothing awaits review, which is shown and is not an error."""
    from memcli.cli.views.review_page import show_nothing_waiting
    from memcli.operations.review.review import choose_session, own_session_to_review, waiting_sessions

    if not (name or waiting_sessions(call.workspace) or own_session_to_review(call.workspace)):
        show_nothing_waiting(call)
        return None
    return choose_session(call.workspace, name)
