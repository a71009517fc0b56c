"""`mem hydrate`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.output import hint_init

app = typer.Typer()


class PackEvent(StrEnum):
    """The events at which agent hooks ask for a pack."""

    session_start = "session-start"
    prompt = "prompt"
    compact = "compact"


@app.command("hydrate", cls=Command)
def hydrate_command(
    ctx: typer.Context,
    task: Annotated[str, typer.Option(metavar="TEXT", help="The task at hand")] = "",
    path: Annotated[
        list[str] | None, typer.Option("--path", metavar="PATH", help="Code path the task is about (repeatable)")
    ] = None,
    budget: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="TOKENS", help="Print at most TOKENS tokens of 4 characters", show_default="the policy's"
        ),
    ] = None,
    event: Annotated[
        PackEvent | None,
        typer.Option("--for", help="Hook event that the pack is for; limits it to 9,000 characters"),
    ] = None,
) -> None:
    """Print a context pack for an agent

    A pack is a bounded block of cited memories about the branch, the task and
    the given code paths.
    """
    from memcli.cli.views.packs import show_pack
    from memcli.operations.recall.hydrate import HydrateRequest, hydrate

    call = call_of(ctx)
    request = HydrateRequest(task, tuple(path or ()), budget, hook=event.value if event else None)
    show_pack(call, hydrate(call.workspace, request))
    hint_init(call)
