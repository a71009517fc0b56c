"""`mem curate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import Session
from memcli.cli.views.curation import show_curated, show_prepared
from memcli.cli.views.terminal import progress
from memcli.errors import Usage

app = typer.Typer()


@app.command("curate", cls=Command)
def curate_command(
    ctx: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="distil, review or generalise")],
    name: Session = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Generalise only this memory (repeatable)")
    ] = None,
    prepare: Annotated[
        str | None, typer.Option("--prepare", metavar="DIR", help="Write the job as files into a new directory")
    ] = None,
    apply: Annotated[
        str | None, typer.Option("--apply", metavar="DIR", help="Apply the results in a directory made by --prepare")
    ] = None,
) -> None:
    """Let an external command distil, review or rewrite memories

    Asks the command in git config 'mem.curator'. Any agent or person can do
    the job instead, through a directory of plain files. Added memories are
    candidates; a verdict is printed but decides nothing. Refused edits are
    listed with the reason.
    """
    from memcli.operations.curation.curate import curate, prepare_job, session_job

    if prepare is not None and apply is not None:
        raise Usage("'--prepare' and '--apply' are two separate steps", "use only one of them")
    call = call_of(ctx)
    wanted = session_job(call.workspace, job, name, tuple(only or ()))
    if prepare is not None:
        prepare_job(call.workspace, wanted, Path(prepare))
        show_prepared(call, wanted, prepare)
        return
    with progress(call, "curating"):
        curated = curate(call.workspace, wanted, Path(apply) if apply is not None else None)
    show_curated(call, curated)
    if curated.failure:
        raise typer.Exit(1)
