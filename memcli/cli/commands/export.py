"""`mem export`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.checked_values import export_format
from memcli.cli.memory_filters import (
    By,
    OfSession,
    Since,
    Stale,
    Status,
    WithEvidence,
    filtering_call,
    filters_of,
    narrowing_of,
)
from memcli.cli.options import Command
from memcli.cli.selectors import All, AsOf, CodePath, Key, Kind, Tag, Topic, Type, ValidAt
from memcli.cli.views.export_page import show_exported

app = typer.Typer()


@app.command("export", cls=Command)
def export_command(
    ctx: typer.Context,
    to: Annotated[
        str, typer.Option("--to", metavar="DIR|FILE", help="Write to DIR, FILE or an archive; '-': to stdout")
    ],
    form: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="FORMAT",
            help="markdown, okf, jsonl, obsidian, claude, skills or agents-md",
            callback=export_format,
        ),
    ],
    kind: Kind = None,
    type: Type = None,
    topic: Topic = None,
    tag: Tag = None,
    path: CodePath = None,
    key: Key = None,
    by: By = None,
    since: Since = None,
    status: Status = None,
    evidence: WithEvidence = None,
    stale: Stale = False,
    session: OfSession = None,
    all: All = False,
    as_of: AsOf = None,
    valid_at: ValidAt = None,
    budget: Annotated[
        int, typer.Option("--budget", metavar="TOKENS", min=100, help="Limit a block (AGENTS.md, CLAUDE.md) to TOKENS")
    ] = 2000,
    remove: Annotated[bool, typer.Option("--remove", help="Remove what was exported to DIR or FILE")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists")] = False,
) -> None:
    """Write memories in the format of another tool

    What 'mem list' shows with the same options is exported; add --all for
    everything. okf, jsonl and markdown can be imported again without loss.
    In a directory, only files that an export wrote and nobody has changed
    since are replaced or removed; exits with 1 where others were in the way.
    In AGENTS.md and CLAUDE.md, only a marked block is replaced.
    """
    options = dict(locals())
    from memcli.operations.exchange.export import ExportRequest, export_memories
    from memcli.system.typed_paths import typed_path

    call = filtering_call(ctx)
    target = None if to == "-" else typed_path(to, call.workspace.config.directory)
    request = ExportRequest(
        *(form, target, filters_of(options, call.workspace.now), narrowing_of(call, options), as_of),
        *(budget, remove, force),
    )
    exported = export_memories(call.workspace, request)
    show_exported(call, exported, to, remove)
    if exported.files.kept:
        raise typer.Exit(1)
