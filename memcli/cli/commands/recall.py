"""`mem recall`, its annotations as objects: Typer evaluates each of them four times, and from text that costs 2 ms."""

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
from memcli.cli.views.output import hint_init, note
from memcli.cli.views.recall_hits import show_recalled
from memcli.operations.recall.recall import RULES, WEIGHTED, RecallRequest, recall

app = typer.Typer()


@app.command("recall", cls=Command)
def recall_command(
    ctx: typer.Context,
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help='A question, words, an id, a path, "a phrase"')
    ],
    n: Annotated[int, typer.Option("-n", metavar="N", min=1, max=1000, help="Show at most N memories")] = 10,
    full: Annotated[bool, typer.Option("--full", help="Show whole bodies instead of one line each")] = False,
    budget: Annotated[int | None, typer.Option(metavar="TOKENS", min=1, help="Print at most TOKENS tokens")] = None,
    like: Annotated[str, typer.Option(metavar="TEXT", help="Also search with this hypothetical answer")] = "",
    fusion: Annotated[str, typer.Option(help=f"How to combine channels: {' or '.join(RULES)}")] = WEIGHTED,
    via: Annotated[
        str | None, typer.Option(help="Vector search: exact or chroma", show_default="git config mem.dense")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show each channel's rank, score and weight")] = False,
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
) -> None:
    """Find the memories that answer a question, best first"""
    options = dict(locals())
    call = filtering_call(ctx)
    filters, narrowing = filters_of(options, call.workspace.now), narrowing_of(call, options)
    request = RecallRequest(" ".join(query), filters, n, full, budget, as_of, like, fusion, via, narrowing)
    recalled = recall(call.workspace, request)
    show_recalled(call, recalled, explain, budget)
    if narrowing.session and not recalled.hits:
        note(call, f"only what {narrowing.session} wrote or proposes was searched; omit --session to search everything")
    hint_init(call)
