"""`mem session start`, `list`, `show`, `save`, `update`, `resume`, `path`, `close`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Call, Command, Group, call
from memcli.cli.views.output import emit, finding_data, finding_lines, note, printable
from memcli.cli.views.session_line import branch_words, session_line
from memcli.core.finding import blocking
from memcli.core.review.candidates import Candidate
from memcli.core.session.state import BRANCH_MERGED
from memcli.operations.sessions.list import SessionSummary, session_or_current, show_session
from memcli.operations.sessions.start import StartedSession

app = typer.Typer()
session = typer.Typer(cls=Group, help="Isolated lines of work: start, list, show, save, update, resume, close")
app.add_typer(session, name="session")

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="Left out: your current session")]
Worktree = Annotated[bool, typer.Option("--worktree", help="With a directory of files that a text editor can work in")]


@session.command("start", cls=Command)
def start_command(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Left out: one is made up")] = None,
    task: Annotated[str, typer.Option(help="What the work is about")] = "",
    worktree: Worktree = False,
) -> None:
    """Start a session and make it your current one"""
    from memcli.operations.sessions.start import start_session

    this = call(ctx)
    _show_started(this, "session-start", start_session(this.workspace, name, task, worktree))


@session.command("resume", cls=Command)
def resume_command(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A session's name, or its harness's session id")],
    worktree: Worktree = False,
) -> None:
    """Make an open session your current one again"""
    from memcli.operations.sessions.start import resume_session

    this = call(ctx)
    _show_started(this, "session-resume", resume_session(this.workspace, name, worktree))


def _show_started(this: Call, command: str, done: StartedSession) -> None:
    place = str(done.worktree) if done.worktree else None
    data = {"session": done.session, "base": done.base, "worktree": place, "state": done.state}
    words = f"{'resumed' if done.resumed else 'started'} {done.session}"
    emit(
        this,
        command,
        {**data, "resumed": done.resumed},
        lambda: words + (f"\n{done.worktree}" if done.worktree else ""),
    )
    if this.workspace.config.agent and not done.resumed:
        note(this, f"other processes join it with MEM_SESSION={done.session}")


@session.command("list", cls=Command)
def list_command(
    ctx: typer.Context,
    all: Annotated[bool, typer.Option("--all", help="Ended ones too")] = False,
) -> None:
    """List open sessions, most recently updated first"""
    from memcli.operations.sessions.list import list_sessions

    this = call(ctx)
    found = list_sessions(this.workspace, ended=all)
    current = this.workspace.selection.name
    lines = [f"{'*' if one.session.name == current else ' '} {session_line(this, one)}" for one in found]
    emit(this, "session-list", {"sessions": [_data(one) for one in found]}, lambda: "\n".join(lines) or "no sessions")


def _data(listed: SessionSummary) -> dict[str, object]:
    one = listed.session
    return {"session": one.name, "state": one.state, "candidates": len(listed.candidates), "agent": one.agent,
            "code_branch": one.code_branch, "branch_state": listed.branch,
            "merged_into": one.merged.into if one.merged and listed.branch == BRANCH_MERGED else None,
            "updated": one.updated, "task": one.task}  # fmt: skip


@session.command("show", cls=Command)
def show_command(ctx: typer.Context, name: Name = None) -> None:
    """Show a session: its task, base, tip and candidates"""
    this = call(ctx)
    shown = show_session(this.workspace, session_or_current(this.workspace, name))
    one, candidates = shown.session, shown.candidates
    data = {
        **_data(shown), "base": one.base, "tip": one.tip, "harness_id": one.harness_id,
        "changes": [_change(each) for each in candidates],
        "rejected": [{"id": each.id, "reason": each.reason} for each in one.rejections],
    }  # fmt: skip
    lines = [f"{one.name} ({one.state})", *([one.task] if one.task else [])]
    lines += [f"base {one.base[:10]}, tip {one.tip[:10]}, by {one.agent or one.author}"]
    lines += [f"code branch {one.code_branch}: {branch_words(shown)}"] if shown.branch else []
    lines += [f"  {each.change:<8} {each.id[-6:]}  {each.title}" for each in candidates]
    lines += [f"  rejected {each.id[-6:]}  {each.reason}" for each in one.rejections]
    emit(this, "session-show", data, lambda: printable("\n".join(lines)))


def _change(one: Candidate) -> dict[str, str]:
    return {"id": one.id, "change": one.change, "title": one.title, "path": one.path}


@session.command("save", cls=Command)
def save_command(ctx: typer.Context, name: Name = None) -> None:
    """Turn what was written in the session's worktree into candidates"""
    from memcli.operations.sessions.save import save_session

    this = call(ctx)
    done = save_session(this.workspace, session_or_current(this.workspace, name))
    data = {"session": done.session, "state": done.state, "saved": list(done.saved), "strays": list(done.strays),
            "findings": [finding_data(one) for one in done.findings]}  # fmt: skip
    lines = [f"{len(done.saved)} saved in {done.session}", *(printable(f"  {path}") for path in done.saved)]
    lines += [printable(f"  not a memory: {path}") for path in done.strays]
    emit(this, "session-save", data, lambda: "\n".join([*lines, *finding_lines(done.findings)]))
    if blocking(list(done.findings)):
        raise typer.Exit(6)


@session.command("update", cls=Command)
def update_command(ctx: typer.Context, name: Name = None) -> None:
    """Bring later promotions into the session; its candidates stay its own"""
    from memcli.operations.sessions.close import update_session

    this = call(ctx)
    done = update_session(this.workspace, session_or_current(this.workspace, name))
    data = {"session": done.session, "state": done.state, "base": done.base}
    emit(this, "session-update", data, lambda: f"{done.session} is based on {done.base[:10]}")


@session.command("path", cls=Command)
def path_command(
    ctx: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Memories to bring in as files (repeatable)")
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Bring in every memory")] = False,
) -> None:
    """Print the session's worktree, made where it is missing, with memories brought into it"""
    from memcli.operations.sessions.path import prepare_worktree

    this = call(ctx)
    place = prepare_worktree(this.workspace, session_or_current(this.workspace, None), ids or (), all)
    emit(this, "session-path", {"path": str(place)}, lambda: str(place))


@session.command("close", cls=Command)
def close_command(ctx: typer.Context, name: Name = None) -> None:
    """End your work in a session; what it proposes waits for review"""
    from memcli.operations.sessions.close import close_session

    this = call(ctx)
    done = close_session(this.workspace, session_or_current(this.workspace, name))
    words = f"{done.waiting} candidates wait for review" if done.waiting else "nothing is left in it"
    data = {"session": done.session, "state": done.state, "waiting": done.waiting}
    emit(this, "session-close", data, lambda: f"closed {done.session}: {words}")
