"""`mem bootstrap`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.bootstrap_page import show_bootstrapped
from memcli.cli.views.terminal import progress

app = typer.Typer()


@app.command("bootstrap", cls=Command)
def bootstrap_command(
    ctx: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...", help="Files or directories to read", show_default="all of HEAD and its history"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing")] = False,
) -> None:
    """Propose memories from docs, agent notes and commit history

    Reads decision records, README and docs, AGENTS.md and CLAUDE.md, Claude
    Code's memory directories, and commits that record a decision. A second
    run proposes nothing new.
    """
    from memcli.operations.bootstrap.bootstrap import BootstrapRequest, bootstrap

    call = call_of(ctx)
    with progress(call, "reading documents and history"):
        bootstrapped = bootstrap(call.workspace, BootstrapRequest(tuple(paths or ()), dry_run=dry_run))
    show_bootstrapped(call, bootstrapped, listed=dry_run or call.flags.verbose)
