"""`mem bootstrap`."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import FromSource, ShowLeftOut
from memcli.cli.views.bootstrap_lines import command_of
from memcli.cli.views.bootstrap_page import show_bootstrapped
from memcli.cli.views.output import note
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
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Propose at most N, the best first")] = 60,
    all: Annotated[bool, typer.Option("--all", help="Propose all that is worth keeping; no limit")] = False,
    docs: Annotated[bool, typer.Option("--docs", help="Read all documents too, section by section")] = False,
    code: Annotated[bool, typer.Option("--code", help="Read comments in the code too")] = False,
    diaries: Annotated[bool, typer.Option("--diaries", help="Propose session logs and dated entries too")] = False,
    source: FromSource = None,
    show: ShowLeftOut = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing")] = False,
) -> None:
    """Propose memories from what the repository already knows

    Reads decision records, rules for agents, the memory of other tools,
    maintainers' guides, and commits that record a decision, and proposes the
    best of it in a session. Name files or directories to read only those,
    with every reader. A second run proposes only what is new or has changed.
    Exits with 1 if nothing could be read of a named path.
    """
    from memcli.operations.bootstrap.bootstrap import bootstrap
    from memcli.operations.bootstrap.bootstrapped import DIARIES, BootstrapRequest
    from memcli.operations.bootstrap.harness_notes import harness_notes

    call = call_of(ctx)
    options = tuple(name for name, given in (("docs", docs), ("code", code), (DIARIES, diaries)) if given)
    request = BootstrapRequest(
        tuple(paths or ()), options, tuple(source or ()), None if all else limit, dry_run or show is not None
    )
    with progress(call, "reading documents and history") as step:
        bootstrapped = bootstrap(call.workspace, request, watch=step)
    show_bootstrapped(call, bootstrapped, show, dry_run or call.flags.verbose, command_of(request))
    for notes in [] if paths or source else harness_notes(call.workspace):
        command = shlex.join(["mem", "import", str(notes.directory)])
        note(call, f"{notes.title} keeps notes about this project in your home: '{command}' reads them")
    if bootstrapped.unread:
        raise typer.Exit(1)
