"""`mem session start`, `list`, `show`, `save`, `update`, `resume`, `path`, `close`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, Group, call_of
from memcli.cli.views.output import emit
from memcli.core.finding import blocking
from memcli.operations.sessions.list import session_or_current

app = typer.Typer()
session = typer.Typer(cls=Group, help="Start, inspect, save and close sessions")
app.add_typer(session, name="session")

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="Session name", show_default="your current session")]
WithWorktree = Annotated[bool, typer.Option("--worktree", help="Also create a directory of files to edit")]


@session.command("start", cls=Command)
def start_command(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Session name", show_default="a generated one")
    ] = None,
    task: Annotated[str, typer.Option(metavar="TEXT", help="What the work is about")] = "",
    worktree: WithWorktree = False,
) -> None:
    """Start a session and make it your current one

    A session isolates the candidates of one task until they are reviewed.
    """
    from memcli.cli.views.sessions import show_started
    from memcli.operations.sessions.start import start_session

    call = call_of(ctx, any_session=True)
    show_started(call, "session-start", start_session(call.workspace, name, task, worktree))


@session.command("resume", cls=Command)
def resume_command(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Session name, or the agent's own session id")],
    worktree: WithWorktree = False,
) -> None:
    """Make an open session your current one again"""
    from memcli.cli.views.sessions import show_started
    from memcli.operations.sessions.start import resume_session

    call = call_of(ctx, any_session=True)
    show_started(call, "session-resume", resume_session(call.workspace, name, worktree))


@session.command("list", cls=Command)
def list_command(
    ctx: typer.Context,
    all: Annotated[bool, typer.Option("--all", help="Include ended sessions")] = False,
) -> None:
    """List open sessions, most recently updated first"""
    from memcli.cli.views.sessions import show_sessions
    from memcli.operations.sessions.list import list_sessions

    call = call_of(ctx, any_session=True)
    show_sessions(call, list_sessions(call.workspace, ended=all), call.workspace.selection.name)


@session.command("show", cls=Command)
def show_command(ctx: typer.Context, name: Name = None) -> None:
    """Show a session's task, base, tip and candidates"""
    from memcli.cli.views.sessions import show_session
    from memcli.operations.dream.dream import describe_if_dream
    from memcli.operations.sessions.show import session_summary

    call = call_of(ctx)
    chosen = session_or_current(call.workspace, name)
    summary = session_summary(call.workspace, chosen)
    show_session(call, summary, describe_if_dream(call.workspace, chosen))


@session.command("save", cls=Command)
def save_command(ctx: typer.Context, name: Name = None) -> None:
    """Record files changed in the session's worktree as candidates

    Exits with 6 if a finding blocks one of them.
    """
    from memcli.cli.views.sessions import show_saved
    from memcli.operations.sessions.save import save_session

    call = call_of(ctx)
    saved = save_session(call.workspace, session_or_current(call.workspace, name))
    show_saved(call, saved)
    if blocking(list(saved.findings)):
        raise typer.Exit(6)


@session.command("update", cls=Command)
def update_command(ctx: typer.Context, name: Name = None) -> None:
    """Merge later promotions into the session

    The candidates remain unpromoted.
    """
    from memcli.cli.views.sessions import show_updated
    from memcli.operations.sessions.update import update_session

    call = call_of(ctx)
    updated = update_session(call.workspace, session_or_current(call.workspace, name))
    show_updated(call, updated)


@session.command("path", cls=Command)
def path_command(
    ctx: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Memories to add as files")] = None,
    all: Annotated[bool, typer.Option("--all", help="Add the files of all memories")] = False,
) -> None:
    """Print the path of the session's worktree, creating it if necessary

    It holds the session's candidates. Pass ids of other memories to add their
    files too.
    """
    from memcli.operations.sessions.path import prepare_worktree
    from memcli.operations.writing.unsaved_files import unsaved_files

    call = call_of(ctx)
    name = session_or_current(call.workspace, None)
    worktree = prepare_worktree(call.workspace, name, ids or (), all)
    warnings = [f"{finding.message}; {finding.next}" for finding in unsaved_files(call.workspace, name).undone]
    emit(call, "session-path", {"path": str(worktree)}, lambda: str(worktree), warnings)


@session.command("close", cls=Command)
def close_command(ctx: typer.Context, name: Name = None) -> None:
    """Close a session; its candidates await review

    A session with files that cannot be saved stays open: exits with 6.
    """
    from memcli.cli.views.sessions import show_closed
    from memcli.operations.sessions.close import close_session

    call = call_of(ctx)
    closed = close_session(call.workspace, session_or_current(call.workspace, name))
    show_closed(call, closed)
    if closed.findings:
        raise typer.Exit(6)
