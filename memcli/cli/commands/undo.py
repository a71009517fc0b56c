"""`mem undo` and `mem op log`."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from memcli.cli.options import Command, Group, call
from memcli.cli.views.output import emit, printable

app = typer.Typer()
op = typer.Typer(cls=Group, help="The log of operations, for 'mem undo'")
app.add_typer(op, name="op")


@app.command("undo", cls=Command)
def undo_command(
    ctx: typer.Context,
    op: Annotated[str | None, typer.Argument(metavar="OP", help="Left out: your last operation")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done")] = False,
) -> None:
    """Take back your last operation, or the one named

    The ref moves back where nothing else would be lost; else a commit with the inverse change is made.
    """
    from memcli.operations.history.undo import undo

    this = call(ctx)
    done = undo(this.workspace, op, dry_run)
    moved = [{"ref": one.ref, "from": one.old, "to": one.new} for one in done.moved]
    data = {
        "op": done.op,
        "verb": done.verb,
        "moved": moved,
        "inverse": done.inverse,
        "reopened": done.reopened,
        "dry_run": dry_run,
    }
    how = " with an inverse commit" if done.inverse else ""
    words = f"{'would undo' if dry_run else 'undone'}{how}: {done.verb} {done.summary}"
    emit(this, "undo", data, lambda: printable(words + (f"; {done.reopened} is open again" if done.reopened else "")))


@op.command("log", cls=Command)
def log_command(
    ctx: typer.Context,
    n: Annotated[int, typer.Option("-n", min=1, help="At most this many")] = 20,
    all: Annotated[bool, typer.Option("--all", help="Undone ones and undos too")] = False,
) -> None:
    """List operations, newest first"""
    from memcli.operations.history.undo import standing

    this = call(ctx)
    found = list(islice(this.workspace.oplog.newest_first() if all else standing(this.workspace), n))
    data = {"operations": [{"op": one.op, "verb": one.verb, "session": one.session, "actor": one.actor,
                            "agent": one.agent, "at": one.at, "summary": one.summary, "cancels": list(one.cancels)}
                           for one in found]}  # fmt: skip
    lines = [
        printable(f"{one.op[-10:]}  {one.at}  {one.actor}  {one.session}  {one.verb}: {one.summary}") for one in found
    ]
    emit(this, "op-log", data, lambda: "\n".join(lines) or "no operations")
