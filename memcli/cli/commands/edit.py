"""`mem edit`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from memcli.cli.checked_values import check_front
from memcli.cli.draft_option import DraftCommand, DraftName, refuse_beside_draft
from memcli.cli.input_text import text_or_stdin, unkept
from memcli.cli.options import call_of
from memcli.cli.selectors import Id
from memcli.cli.views.written_memory import show_written
from memcli.core.memory.keys import ORDER
from memcli.errors import Usage

app = typer.Typer()
_LISTS = ("tags", "paths", "based_on", "holds_if", "supersedes", "merged_from")
_FIXED = ("id", "created", "source")


@app.command("edit", cls=DraftCommand)
def edit_command(
    ctx: typer.Context,
    id: Id,
    body: Annotated[str | None, typer.Option(metavar="TEXT", help="New body; '-' reads it from stdin")] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="New title; the file keeps its path")] = None,
    set: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Set a front matter key (lists: a,b; empty removes it)"),
    ] = None,
    add_tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Add a tag (repeatable)")] = None,
    add_path: Annotated[
        list[str] | None, typer.Option("--path", metavar="PATH", help="Add a code path (repeatable)")
    ] = None,
    draft: DraftName = None,
) -> None:
    """Change a memory, with options or in your editor

    The changed memory is a candidate of your session.
    """
    from memcli.operations.memories.changes import open_memory
    from memcli.operations.memories.edit import edit_memory

    call = call_of(ctx)
    values = _values(set or [])
    memory = open_memory(call.workspace, id)
    check_front("--set", values, (*ORDER, *memory.document.front()))
    values |= {"title": title} if title is not None else {}
    for key, added in (("tags", add_tag), ("paths", add_path)):
        if added:
            present = memory.document.get(key)
            values[key] = tuple(dict.fromkeys([*(present if isinstance(present, tuple) else ()), *added]))
    refuse_beside_draft(draft, **{"other options": values or body})
    if values or body is not None:
        with unkept(body):
            written = edit_memory(call.workspace, memory, values, text_or_stdin(body))
    else:
        from memcli.cli.typed_memories import edit_in_editor  # few call it

        written = edit_in_editor(call, memory, draft)
    show_written(call, "edit", written)


def _values(pairs: list[str]) -> dict[str, Any]:
    """Front matter values by key, None where a key is to be removed. Raises Usage."""
    values: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise Usage(f"--set takes KEY=VALUE, not {pair!r}", "for example --set topic=payments")
        if key in _FIXED:
            raise Usage(f"{key!r} cannot be changed", "'mem supersede' replaces a memory with a new one")
        items = tuple(item.strip() for item in value.split(",") if item.strip())
        values[key] = (items or None) if key in _LISTS else (value or None)
    return values
