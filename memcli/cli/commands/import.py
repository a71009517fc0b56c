"""`mem import`."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from memcli.cli.checked_values import import_format
from memcli.cli.options import Command, call_of
from memcli.cli.selectors import ShowLeftOut
from memcli.cli.views.bootstrap_page import show_bootstrapped
from memcli.cli.views.terminal import progress

app = typer.Typer()


@app.command("import", cls=Command)
def import_command(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="PATH", help="File, directory or archive to read; '-': stdin", show_default=False)
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="FORMAT",
            help="Read it as this format: okf, jsonl, markdown, claude or a source",
            show_default="detected",
            callback=import_format,
        ),
    ] = None,
    show: ShowLeftOut = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; write nothing")] = False,
) -> None:
    """Propose memories from files, an archive or stdin

    Reads what 'mem export' wrote, with ids, statuses and dates, and the memory
    of other tools, as 'mem bootstrap' does. Everything new becomes a candidate
    of a session, without a limit; a memory with a known id becomes a change if
    it differs. Exits with 1 if nothing was read or found.
    """
    from memcli.cli.input_text import read_stdin_data
    from memcli.operations.exchange.import_sources import ImportRequest, import_sources

    call = call_of(ctx)
    data = read_stdin_data() if source == "-" else b""
    request = ImportRequest(source, data, form or "", dry_run or show is not None)
    with progress(call, "reading the source") as step:
        imported = import_sources(call.workspace, request, step)
    command = shlex.join(["mem", "import", source, *(["--as", form] if form else [])])
    show_bootstrapped(call, imported, show, dry_run or call.flags.verbose, command)
    if imported.unread or not imported.found:
        raise typer.Exit(1)
