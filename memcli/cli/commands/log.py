"""`mem log`."""

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
from memcli.cli.selectors import Tag, Topic, Type

app = typer.Typer()


@app.command("log", cls=Command)
def log_command(
    ctx: typer.Context,
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="Show one memory's history", show_default="the store's")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Show the history of all memories with this key")] = None,
    type: Type = None,
    topic: Topic = None,
    tag: Tag = None,
    by: By = None,
    since: Since = None,
    status: Status = None,
    evidence: WithEvidence = None,
    stale: Stale = False,
    session: OfSession = None,
    n: Annotated[
        int | None,
        typer.Option(
            "-n", metavar="N", min=1, help="Show at most N promotions", show_default="20; all of a memory or key"
        ),
    ] = None,
) -> None:
    """Show what entered the store, promotion by promotion

    The newest comes first. Memories are filtered as they were promoted; --since is about the promotion.
    """
    options = {**locals(), "key": None}
    from memcli.cli.views.history import show_log
    from memcli.operations.history.log import LogRequest, store_log

    call = filtering_call(ctx)
    request = LogRequest(id, key, n, filters_of(options, call.workspace.now), narrowing_of(call, options))
    show_log(call, store_log(call.workspace, request))
