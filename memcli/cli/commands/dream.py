"""`mem dream`, with `show`, `promote`, `discard` and `revert`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memcli.cli.options import Call, Command, Group, call_of
from memcli.cli.selectors import Yes
from memcli.cli.views.dream_report import show_dream, show_reverted
from memcli.cli.views.output import note
from memcli.cli.views.terminal import confirm, progress
from memcli.core.memory.identity import refuse_short_id
from memcli.errors import Usage

if TYPE_CHECKING:
    from memcli.operations.dream.inputs import DreamRequest
    from memcli.operations.dream.start_resume import DreamResult

app = typer.Typer()
dream = typer.Typer(cls=Group)
app.add_typer(dream, name="dream")

Dream = Annotated[
    str | None, typer.Argument(metavar="DREAM", help="Name of the dream", show_default="the open one, else the last")
]


Reason = Annotated[str, typer.Option("--reason", "-m", metavar="TEXT", help="Why; shown if the same is proposed again")]


@dream.callback(invoke_without_command=True)
def dream_command(
    ctx: typer.Context,
    since: Annotated[
        str,
        typer.Option(metavar="REV", help="Start reading at this commit of the store", show_default="the last dream"),
    ] = "",
    scope: Annotated[str, typer.Option(metavar="GLOB", help="Change only memories whose file matches GLOB")] = "",
    max_changes: Annotated[
        int | None, typer.Option("--max-changes", metavar="N", min=1, help="Change at most N memories")
    ] = None,
    auto: Annotated[bool, typer.Option("--auto", help="Run only if enough has changed since the last dream")] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Exceed the policy's limit of retirements; propose again what was rejected"),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing")] = False,
    prepare: Annotated[
        str | None,
        typer.Option(
            "--prepare", metavar="DIR", help="Write the undecided cases as a job for a curator into a new DIR"
        ),
    ] = None,
    apply: Annotated[
        str | None, typer.Option("--apply", metavar="DIR", help="Apply the results in a directory made by --prepare")
    ] = None,
) -> None:
    """Propose a consolidation of recent changes as a session

    Reads what was promoted since the last dream. Retires expired memories,
    merges duplicates, updates dates, anchors and links, and lists questions
    that only a person can decide. Nothing changes in the store until the
    proposal is promoted.
    """
    if ctx.invoked_subcommand:
        return
    from memcli.operations.dream.inputs import DreamRequest

    if (prepare, apply, dry_run or None).count(None) < 2:
        raise Usage("'--prepare', '--apply' and '--dry-run' exclude each other", "use only one of them")
    call = call_of(ctx)
    wanted = DreamRequest(since, scope, max_changes, force, auto)
    with progress(call, "dreaming"):
        proposal, remark = _run(call, wanted, dry_run, prepare, apply)
    show_dream(call, "dream", proposal, dry_run)
    if remark:
        note(call, remark)
    elif proposal.state == "open":
        note(
            call,
            "next: 'mem review dream' shows the diffs, 'mem promote dream' accepts them",
        )


def _run(
    call: Call, wanted: DreamRequest, dry_run: bool, directory: str | None, answer: str | None
) -> tuple[DreamResult, str]:
    """The dream, and what to tell a person who works on its job."""
    from memcli.operations.dream.dream import apply_dream_answer, prepare_dream, preview_dream, run_dream

    if answer is not None:
        return apply_dream_answer(call.workspace, Path(answer)), ""
    if directory is None:
        return (preview_dream if dry_run else run_dream)(call.workspace, wanted), ""
    proposal, job = prepare_dream(call.workspace, wanted, Path(directory))
    if job is None:
        return proposal, "nothing is left for a curator to decide; no directory was written"
    return proposal, f"next: edit job {job.id} in {directory}, then run 'mem dream --apply {directory}'"


@dream.command("show", cls=Command)
def show_command(ctx: typer.Context, name: Dream = None) -> None:
    """Show what a dream proposes and asks, as 'mem review' does"""
    from memcli.operations.dream.choose_dream import choose_dream
    from memcli.operations.dream.dream import describe_dream

    call = call_of(ctx)
    show_dream(call, "dream-show", describe_dream(call.workspace, choose_dream(call.workspace, name)))


@dream.command("promote", cls=Command)
def promote_command(
    ctx: typer.Context,
    name: Dream = None,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would land; change nothing")] = False,
) -> None:
    """Merge a dream's changes into the store, as 'mem promote' does"""
    from memcli.cli.approval import promote_with_approval
    from memcli.cli.views.promotion import show_ended, show_promoted
    from memcli.operations.dream.choose_dream import choose_dream
    from memcli.operations.review.promote import PromoteRequest

    call = call_of(ctx)
    session = choose_dream(call.workspace, name)
    if call.workspace.selection.has_ended(session):
        show_ended(call, session)
        return
    show_promoted(call, promote_with_approval(call, PromoteRequest(session, consent=yes, dry_run=dry_run)), dry_run)


@dream.command("discard", cls=Command)
def discard_command(ctx: typer.Context, name: Dream = None, reason: Reason = "not wanted") -> None:
    """Reject what an open dream proposes, as 'mem reject' does"""
    from memcli.cli.views.rejection import show_rejected
    from memcli.operations.dream.choose_dream import choose_dream
    from memcli.operations.review.reject import reject

    call = call_of(ctx)
    show_rejected(call, reject(call.workspace, choose_dream(call.workspace, name), (), reason))


@dream.command("revert", cls=Command)
def revert_command(
    ctx: typer.Context,
    name: Dream = None,
    phase: Annotated[
        str | None,
        typer.Option(metavar="PHASE", help="Revert only this phase: prune, merge, refresh or curate"),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Revert only this memory and those merged with it (repeatable)"),
    ] = None,
    yes: Yes = False,
) -> None:
    """Revert a promoted dream, or a part of it

    Changes made since are kept. Without a name, a phase or memories, asks
    before it reverts all of the last dream.
    """
    from memcli.operations.dream.choose_dream import choose_dream
    from memcli.operations.dream.revert import revert

    call = call_of(ctx)
    for text in only or ():
        refuse_short_id(text)
    dream_name = choose_dream(call.workspace, name)
    if name or phase or only or yes or _may_revert_all(call, dream_name):
        show_reverted(call, revert(call.workspace, dream_name, phase, only or ()))
    else:
        note(call, "nothing was changed")


def _may_revert_all(call: Call, name: str) -> bool:
    """Whether a person agrees to revert all of a dream that they did not name. Raises Usage without a terminal."""
    if call.may_prompt:
        return confirm(f"revert all of {name}?")
    choices = f"choose: 'mem dream revert {name}', '--phase PHASE', '--only ID', or '--yes' for all of it"
    raise Usage(f"'mem dream revert' alone would revert all of {name}; nothing was changed", choices)
