"""`mem stats`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.checked_values import one_of
from memcli.cli.options import Command, call_of
from memcli.cli.selectors import since_of
from memcli.cli.views.output import print_result
from memcli.errors import Usage
from memcli.operations.stats.facts import GROUPINGS

app = typer.Typer()


@app.command("stats", cls=Command)
def stats_command(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="DATE|AGE", help="Count what happened from then on: 2026-05-01, 7d, yesterday")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="GROUP", help="Group by agent, topic, type or week", callback=one_of("--by", GROUPINGS)),
    ] = None,
    openmetrics: Annotated[bool, typer.Option("--openmetrics", help="Print OpenMetrics text")] = False,
) -> None:
    """Count proposals, decisions, questions, reads and dreams

    What waits, questions and memories are counted as they are now.
    """
    from memcli.operations.stats.stats import read_stats

    call = call_of(ctx)
    if openmetrics and call.flags.json:
        raise Usage("--json and --openmetrics exclude each other", "choose one of them")
    stats = read_stats(call.workspace, since_of(since, call.workspace.now), by)
    if openmetrics:
        from memcli.cli.views.open_metrics import open_metrics  # loads prometheus-client

        print_result(open_metrics(stats).removesuffix("\n"))
        return
    from memcli.cli.views.stats_page import show_stats

    show_stats(call, stats)
