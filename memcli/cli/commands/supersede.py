"""`mem supersede`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.draft_option import DraftCommand, DraftName, refuse_beside_draft
from memcli.cli.input_text import text_or_stdin, unkept
from memcli.cli.options import call_of
from memcli.cli.selectors import Evidence, Id
from memcli.cli.views.written_memory import show_written

app = typer.Typer()


@app.command("supersede", cls=DraftCommand)
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
    draft: DraftName = None,
) -> None:
    """Replace a memory with a new one

    The old memory stays, marked as superseded. The new one keeps its type,
    topic, key, tags and code paths.
    """
    from memcli.operations.memories.changes import open_memory
    from memcli.operations.memories.supersede import supersede_memory

    call = call_of(ctx)
    refuse_beside_draft(draft, TEXT=text)
    options = {"title": title, "valid_from": valid_from, "evidence": evidence}
    front = {key: value for key, value in options.items() if value}
    if text is not None:
        with unkept(text):
            written = supersede_memory(call.workspace, id, {**front, "body": text_or_stdin(text)})
    else:
        from memcli.cli.typed_memories import successor_from_editor  # few call it

        with successor_from_editor(call, open_memory(call.workspace, id), front, draft) as values:
            written = supersede_memory(call.workspace, id, values)
    show_written(call, "supersede", written)
