"""`mem list`."""

from __future__ import annotations

from typing import Annotated

import typer

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
from memcli.cli.views.memory_lines import show_list
from memcli.cli.views.output import hint_init

app = typer.Typer()


@app.command("list", cls=Command)
def list_command(
    ctx: typer.Context,
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
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="Show at most N memories")] = None,
) -> None:
    """List memories, most recently modified first"""
    options = dict(locals())
    from memcli.operations.memories.list import list_memories

    call = filtering_call(ctx)
    filters = filters_of(options, call.workspace.now)
    show_list(call, list_memories(call.workspace, filters, limit, as_of, narrowing_of(call, options)))
    hint_init(call)
