"""`mem dream`, with `show`, `promote`, `discard` and `revert`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memcli.cli.options import Call, Command, Group, call
from memcli.cli.views.dream_report import data, lines
from memcli.cli.views.output import emit, note
from memcli.cli.views.terminal import working
from memcli.errors import Usage

if TYPE_CHECKING:
    from memcli.operations.dream.dream import Dreamt, Wanted

app = typer.Typer()
dream = typer.Typer(cls=Group)
app.add_typer(dream, name="dream")

Dream = Annotated[str | None, typer.Argument(metavar="DREAM", help="Left out: the open one, else the last")]


@dream.callback(invoke_without_command=True)
def dream_command(
    ctx: typer.Context,
    since: Annotated[str, typer.Option(metavar="REV", help="Read from this commit of the store on")] = "",
    scope: Annotated[str, typer.Option(metavar="GLOB", help="Change only memories whose path matches")] = "",
    max_changes: Annotated[
        int | None, typer.Option("--max-changes", metavar="N", min=1, help="Change at most so many memories")
    ] = None,
    auto: Annotated[bool, typer.Option("--auto", help="Only if enough has happened since the last one")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Retire more than the policy allows; propose again what was rejected")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, write nothing")] = False,
    prepare: Annotated[
        str | None, typer.Option("--prepare", metavar="DIR", help="Write what it cannot decide as files into a new DIR")
    ] = None,
    apply: Annotated[
        str | None, typer.Option("--apply", metavar="DIR", help="Take the answer from such a directory")
    ] = None,
) -> None:
    """Consolidate what changed since the last dream, as a session to be reviewed

    Reads the store's history, retires what is over, unites what says the same, brings dates, anchors and links up to
    date, and names what only a person can settle. The store changes when the proposal is promoted.
    """
    if ctx.invoked_subcommand:
        return
    from memcli.operations.dream.dream import Wanted

    if (prepare, apply, dry_run or None).count(None) < 2:
        raise Usage("'--prepare', '--apply' and '--dry-run' exclude each other", "give one of them")
    this = call(ctx)
    wanted = Wanted(since, scope, max_changes, force, auto)
    with working(this, "dreaming"):
        done, remark = _ran(this, wanted, dry_run, prepare, apply)
    emit(this, "dream", data(done, dry_run), lambda: "\n".join(lines(done, dry_run)))
    if remark:
        note(this, remark)
    elif done.state == "open":
        note(this, f"'mem review {done.session}' shows the diffs, 'mem dream promote' makes it the store's")


def _ran(this: Call, wanted: Wanted, dry_run: bool, directory: str | None, answer: str | None) -> tuple[Dreamt, str]:
    """What came of it, and what a curator of plain files is to be told."""
    from memcli.operations.dream import dream as verbs

    if answer is not None:
        return verbs.apply(this.workspace, Path(answer)), ""
    if directory is None:
        return (verbs.preview if dry_run else verbs.dream)(this.workspace, wanted), ""
    done, job = verbs.prepare(this.workspace, wanted, Path(directory))
    if job is None:
        return done, "nothing is left for a curator to decide: no directory was written"
    return done, f"job {job.id} is in {directory}; edit it, then 'mem dream --apply {directory}'"


@dream.command("show", cls=Command)
def show_command(ctx: typer.Context, name: Dream = None) -> None:
    """Show what a dream did and what it asks"""
    from memcli.operations.dream.dream import show
    from memcli.operations.dream.revert import named

    this = call(ctx)
    done = show(this.workspace, named(this.workspace, name))
    emit(this, "dream-show", data(done), lambda: "\n".join(lines(done)))


@dream.command("promote", cls=Command)
def promote_command(
    ctx: typer.Context,
    name: Dream = None,
    yes: Annotated[bool, typer.Option("--yes", help="A person's word where stdin is no terminal")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Build the merge, move nothing")] = False,
) -> None:
    """Make a dream's changes the store's, through the same gate as any other session"""
    from memcli.cli.commands.promote import promote_and_show, show_nothing
    from memcli.operations.dream.revert import named

    this = call(ctx)
    chosen = named(this.workspace, name)
    if this.workspace.selection.has_ended(chosen):
        show_nothing(this, chosen)
    else:
        promote_and_show(this, chosen, yes=yes, dry_run=dry_run)


@dream.command("discard", cls=Command)
def discard_command(ctx: typer.Context, name: Dream = None) -> None:
    """Throw an open dream away; the next one may propose the same"""
    from memcli.operations.dream.revert import discard, named

    this = call(ctx)
    done = discard(this.workspace, named(this.workspace, name))
    emit(this, "dream-discard", {"session": done, "state": "discarded"}, lambda: f"discarded {done}")
    note(this, f"'mem reject {done}' instead keeps later dreams from proposing the same")


@dream.command("revert", cls=Command)
def revert_command(
    ctx: typer.Context,
    name: Dream = None,
    phase: Annotated[str | None, typer.Option(metavar="PHASE", help="prune, merge, refresh or curate")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="This memory, with those united with it (repeatable)"),
    ] = None,
) -> None:
    """Take a dream back: all of it, one phase, or single memories; later changes are merged"""
    from memcli.operations.dream.revert import named, revert

    this = call(ctx)
    done = revert(this.workspace, named(this.workspace, name), phase, only or ())
    moved = [{"ref": one.ref, "from": one.old, "to": one.new} for one in done.moved]
    said = {"session": done.dream, "op": done.op, "moved": moved, "reopened": None, "restored": list(done.restored)}
    emit(
        this, "revert", said, lambda: "\n".join([f"took back {done.dream}:", *(f"  {path}" for path in done.restored)])
    )
