"""`mem review` and `mem check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from memcli.cli.options import Call, Command, call
from memcli.cli.views.output import emit, finding_data, finding_lines, note, printable
from memcli.cli.views.review_page import summary
from memcli.cli.views.session_line import session_line
from memcli.cli.views.terminal import paged, working
from memcli.core.review.candidates import Candidate
from memcli.operations.review.gate import Review
from memcli.operations.review.review import choose_session, review_inbox, review_session, waiting_sessions
from memcli.operations.sessions.list import SessionSummary

app = typer.Typer()
Name = Annotated[str | None, typer.Argument(metavar="SESSION", help="Left out: yours, or the only one that waits")]


@app.command("review", cls=Command)
def review_command(
    ctx: typer.Context,
    name: Name = None,
    patch: Annotated[bool, typer.Option("-p", "--patch", help="Decide candidate by candidate")] = False,
    inbox: Annotated[bool, typer.Option("--inbox", help="List all sessions that wait for review")] = False,
) -> None:
    """Show a session as a pull request page: summary, findings, a diff per memory; exit 6 when blocked"""
    this = call(ctx)
    if inbox:
        _inbox(this)
        return
    chosen = _chosen(this, name)
    if chosen is None:
        return
    with working(this, "checking"):
        found = review_session(this.workspace, chosen)
    if patch:
        from memcli.cli.commands.walk import decide

        decide(this, found)
        return
    if this.flags.json:
        emit(this, "review", review_data(found), str)
    else:
        _page(this, found)
    if found.verdict == "blocked":
        raise typer.Exit(6)


def _chosen(this: Call, name: str | None) -> str | None:
    """The session to show; None where nothing waits, which is said and is no error."""
    if name is None and this.workspace.selection.name is None and not waiting_sessions(this.workspace):
        nothing: dict[str, Any] = {"session": None, "base": None, "tip": None, "verdict": "empty"}
        empty = {**nothing, "candidates": [], "findings": []}
        emit(this, "review", empty, lambda: "nothing waits for review")
        return None
    return choose_session(this.workspace, name)


def _inbox(this: Call) -> None:
    found = review_inbox(this.workspace)
    data = {"waiting": [_waiting_data(one) for one in found]}
    lines = [session_line(this, one, state=False) for one in found]
    emit(this, "review-inbox", data, lambda: "\n".join(lines) or "nothing waits for review")


def _waiting_data(listed: SessionSummary) -> dict[str, object]:
    one = listed.session
    return {"session": one.name, "candidates": len(listed.candidates), "agent": one.agent, "state": one.state,
            "updated": one.updated, "task": one.task, "code_branch": one.code_branch,
            "branch_state": listed.branch}  # fmt: skip


def review_data(found: Review) -> dict[str, Any]:
    """A review as the JSON contract has it."""
    return {
        "session": found.session.name, "base": found.session.base, "tip": found.session.tip, "verdict": found.verdict,
        "candidates": [candidate_data(one) for one in found.candidates],
        "findings": [finding_data(one) for one in found.findings],
        "rejected": [{"id": one.id, "title": one.title} for one in found.rejected],
        "agent": found.session.agent, "task": found.session.task,
    }  # fmt: skip


def candidate_data(one: Candidate) -> dict[str, str]:
    return {"id": one.id, "change": one.change, "title": one.title, "path": one.path, "diff": one.diff}


def _page(this: Call, found: Review) -> None:
    """The page, its diffs through the pager at a terminal."""
    typer.echo("\n".join(summary(this, found)))
    if found.candidates:
        paged(this, "\n" + "\n\n".join(one.diff for one in found.candidates))
    if found.candidates:
        note(this, f"next: {_next(found)}")


def _next(found: Review) -> str:
    name = found.session.name
    if found.verdict == "blocked":
        return f"correct what is blocked, or 'mem promote {name} --only ID' for the others, or 'mem reject {name} ID'"
    return f"'mem promote {name} --expect {found.session.tip[:10]}', or 'mem review {name} -p' one by one"


@app.command("check", cls=Command)
def check_command(ctx: typer.Context, name: Name = None) -> None:
    """Run the gate without promoting, for CI: every waiting session, or the one named; exit 6 when one is blocked"""
    this = call(ctx)
    names = [name] if name else [one.name for one, _ in waiting_sessions(this.workspace)]
    found = [review_session(this.workspace, one) for one in names]
    data = {"sessions": [{key: value for key, value in review_data(one).items() if key != "task"} for one in found]}
    emit(this, "check", data, lambda: "\n".join(_checked(found)) or "nothing waits for review")
    if any(one.verdict == "blocked" for one in found):
        raise typer.Exit(6)


def _checked(found: Sequence[Review]) -> list[str]:
    lines = []
    for one in found:
        lines.append(printable(f"{one.session.name}: {one.verdict}, {len(one.candidates)} candidates"))
        lines += finding_lines(one.findings)
    return lines
