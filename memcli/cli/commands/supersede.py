"""`mem supersede`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.input_text import text_or_stdin
from memcli.cli.options import Command, call_of
from memcli.cli.selectors import Evidence, Id
from memcli.cli.views.terminal import edit_in_editor
from memcli.cli.views.written_memory import show_written
from memcli.errors import Usage

app = typer.Typer()
_HINT = "'mem supersede ID TEXT', or '-' for stdin"


@app.command("supersede", cls=Command)
def supersede_command(
    ctx: typer.Context,
    id: Id,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT", help="New memory; '-' reads it from stdin", show_default="edit the old one in your editor"
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Title", show_default="the first heading or sentence")
    ] = None,
    valid_from: Annotated[str | None, typer.Option(metavar="DATE", help="When the new memory begins to hold")] = None,
    evidence: Evidence = None,
) -> None:
    """Replace a memory with a new one

    The old memory stays, marked as superseded. The new one keeps its kind,
    type, topic, key, tags and code paths.
    """
    from memcli.operations.memories.changes import open_memory
    from memcli.operations.memories.supersede import supersede_memory

    call = call_of(ctx)
    body = text_or_stdin(text)
    if body is None:
        body = edit_in_editor(call, open_memory(call.workspace, id).document.body, _HINT)
    if not body.strip():
        raise Usage("a memory needs a body", _HINT)
    draft = {"body": body, "title": title, "valid_from": valid_from, "evidence": evidence}
    show_written(call, "supersede", supersede_memory(call.workspace, id, draft))
