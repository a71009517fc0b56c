"""`mem why`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of

app = typer.Typer()


@app.command("why", cls=Command)
def why_command(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="Memory id, or a line of code: FILE:LINE or FILE:LINE@REV")
    ],
) -> None:
    """Show where a memory or a line of code comes from

    For a memory, the session and review that brought each of its lines. For a
    line of code, the session that committed it and what it had read before.
    """
    from memcli.cli.views.history import show_code_line, show_memory_origin
    from memcli.operations.history.why import trace_memory
    from memcli.operations.history.why_line import parse_line_reference, trace_line

    call = call_of(ctx)
    reference = parse_line_reference(what)
    if reference:
        show_code_line(call, trace_line(call.workspace, reference))
    else:
        show_memory_origin(call, trace_memory(call.workspace, what))
