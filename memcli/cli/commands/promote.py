"""`mem promote` and `mem reject`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from memcli.cli.options import Call, Command, call
from memcli.cli.views.output import emit, finding_lines, note, printable
from memcli.cli.views.terminal import working
from memcli.core.review.verdict import BY_PERSON
from memcli.operations.review.promote import Promoted, promote
from memcli.operations.review.review import choose_session, review_session

app = typer.Typer()


@app.command("promote", cls=Command)
def promote_command(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="SESSION", help="Left out: yours, or the only one that waits")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Only this candidate (repeatable)")
    ] = None,
    expect: Annotated[
        str | None, typer.Option(metavar="TIP", help="Refuse if the session is not at this tip any more")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="A person's word where stdin is no terminal")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Build the merge, move nothing")] = False,
) -> None:
    """Merge a session's reviewed candidates into the store

    A merge commit, like a pull request's. What is left out stays in the session; with nothing left the session ends.
    """
    this = call(ctx)
    promote_and_show(this, choose_session(this.workspace, name), only or (), expect, yes, dry_run)


def promote_and_show(
    this: Call,
    name: str,
    only: Sequence[str] = (),
    expect: str | None = None,
    yes: bool = False,
    dry_run: bool = False,
    nested: bool = False,
) -> None:
    """Promote, asking at a terminal where the verdict wants a person; `nested`: another command has its JSON out."""
    consent = yes
    if not yes and not dry_run and this.may_ask and this.workspace.config.agent is None:
        expect, consent = _asked(this, name, expect)
    with working(this, "merging"):
        done = promote(this.workspace, name, only, expect, consent or dry_run, dry_run)
    if not (nested and this.flags.json):
        show_promoted(this, done, dry_run)


def _asked(this: Call, name: str, expect: str | None) -> tuple[str | None, bool]:
    """(the tip that was shown, whether the person said yes); a promotable session is not asked about."""
    from memcli.cli.views.review_page import summary
    from memcli.cli.views.terminal import confirmed

    found = review_session(this.workspace, name)
    if found.verdict != BY_PERSON:
        return expect, False
    typer.echo("\n".join(summary(this, found)), err=True)
    return expect or found.session.tip, confirmed("promote?")


def show_promoted(this: Call, done: Promoted, dry_run: bool = False) -> None:
    """Print the result of a promotion."""
    data = {
        "session": done.session, "commit": None if dry_run else done.commit, "parents": list(done.parents),
        "promoted": [one.id for one in done.promoted], "left": [one.id for one in done.left],
        "review": done.reviewer, "ended": done.ended, "dry_run": dry_run,
        "findings": [vars(one) for one in done.review.findings],
    }  # fmt: skip
    emit(this, "promote", data, lambda: "\n".join(_lines(done, dry_run)), done.warnings)
    if done.commit and not dry_run:
        note(this, "'mem undo' takes it back")


def show_nothing(this: Call, name: str) -> None:
    """Say that a session has ended already and nothing of it waits."""
    data: dict[str, object] = {"session": name, "commit": None, "parents": [], "promoted": [], "left": [], "review": ""}
    emit(this, "promote", data, lambda: f"nothing to promote: {name} has ended")


def _lines(done: Promoted, dry_run: bool) -> list[str]:
    if done.commit is None:
        return [f"nothing to promote in {done.session}"]
    words = "would promote" if dry_run else "promoted"
    lines = [f"{words} {len(done.promoted)} of {done.session}: {done.commit[:10]}"]
    lines += [printable(f"  {one.change:<8} {one.id[-6:]}  {one.title}") for one in done.promoted]
    lines += finding_lines([one for one in done.review.findings if one.severity == "warn"])
    if done.left:
        lines.append(f"{len(done.left)} left in {done.session}")
    return lines


@app.command("reject", cls=Command)
def reject_command(
    ctx: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="SESSION|ID", help="The candidates; left out, all of them")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", "-m", help="Why; the same content is not proposed again")
    ] = "not wanted",
) -> None:
    """Decide against candidates, so that the same thing is not proposed again"""
    from memcli.operations.review.reject import reject

    this = call(ctx)
    words = list(ids or [])
    named = words.pop(0) if words and this.workspace.selection.is_open(words[0]) else None
    done = reject(this.workspace, choose_session(this.workspace, named), words, reason)
    data = {
        "session": done.session,
        "rejected": [one.id for one in done.rejected],
        "reason": done.reason,
        "ended": done.ended,
    }
    lines = [printable(f"rejected {one.id[-6:]}  {one.title}") for one in done.rejected]
    emit(this, "reject", data, lambda: "\n".join([*lines, *([f"{done.session} has ended"] if done.ended else [])]))
