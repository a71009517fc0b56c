"""`mem edit`, `retire`, `supersede`, `resolve`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from memcli.cli.commands.memories import Id
from memcli.cli.options import Command, call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.written_memory import show_recorded
from memcli.errors import Usage

app = typer.Typer()


@app.command("edit", cls=Command)
def edit_command(
    ctx: typer.Context,
    id: Id,
    body: Annotated[str | None, typer.Option(help="The new body; '-' reads it from stdin")] = None,
    title: Annotated[str | None, typer.Option(help="A new title; its path stays")] = None,
    set: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Set a front matter key (lists: a,b; empty removes)"),
    ] = None,
    add_tag: Annotated[list[str] | None, typer.Option("--tag", help="Add a tag (repeatable)")] = None,
    add_path: Annotated[list[str] | None, typer.Option("--path", help="Add a code path (repeatable)")] = None,
) -> None:
    """Change a memory, as a candidate of your session; without options in the editor"""
    from memcli.operations.memories.edit import edit_memory, open_memory, replace_file_text

    this = call(ctx)
    values = _values(set or [])
    source = open_memory(this.workspace, id)
    if title is not None:
        values["title"] = title
    for key, more in (("tags", add_tag), ("paths", add_path)):
        if more:
            known = source.document.get(key)
            values[key] = tuple(dict.fromkeys([*(known if isinstance(known, tuple) else ()), *more]))
    if values or body is not None:
        done = edit_memory(this.workspace, source, values, _text(body))
    else:
        from memcli.cli.views.terminal import edited

        done = replace_file_text(this.workspace, source, edited(this, source.document.text()))
    show_recorded(this, "edit", done)


_LISTS = ("tags", "paths", "based_on", "holds_if", "supersedes", "merged_from")
_FIXED = ("id", "created", "source")


def _values(pairs: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise Usage(f"--set takes KEY=VALUE, not {pair!r}", "for example --set topic=payments")
        if key in _FIXED:
            raise Usage(f"{key!r} is given once and cannot be set", "'mem supersede' replaces a memory by a new one")
        items = tuple(item.strip() for item in value.split(",") if item.strip())
        values[key] = (items or None) if key in _LISTS else (value or None)
    return values


def _text(body: str | None) -> str | None:
    if body != "-":
        return body
    from memcli.cli.commands.add import read_stdin

    return read_stdin()


@app.command("retire", cls=Command)
def retire_command(
    ctx: typer.Context,
    id: Id,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why it no longer holds")] = "",
) -> None:
    """Take a memory out of use; it stays readable in the history and with --all"""
    from memcli.operations.memories.edit import retire_memory

    this = call(ctx)
    show_recorded(this, "retire", retire_memory(this.workspace, id, reason))


@app.command("supersede", cls=Command)
def supersede_command(
    ctx: typer.Context,
    id: Id,
    text: Annotated[
        str | None, typer.Argument(help="The new memory; '-' reads it from stdin; left out, the editor opens")
    ] = None,
    title: Annotated[str | None, typer.Option(help="One line; else the first heading or sentence")] = None,
    valid_from: Annotated[str | None, typer.Option(help="Since when the new one holds")] = None,
    evidence: Annotated[str | None, typer.Option(help="code, test, human, document or inference")] = None,
) -> None:
    """Replace a memory by a new one; the old one stays, marked superseded"""
    from memcli.operations.memories.edit import open_memory
    from memcli.operations.memories.supersede import supersede_memory

    this = call(ctx)
    body = _text(text)
    if body is None:
        from memcli.cli.views.terminal import edited

        body = edited(this, open_memory(this.workspace, id).document.body)
    draft = {"body": body, "title": title, "valid_from": valid_from, "evidence": evidence}
    show_recorded(this, "supersede", supersede_memory(this.workspace, id, draft))


@app.command("resolve", cls=Command)
def resolve_command(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(metavar="ID", help="Left out: list what there is to settle")] = None,
    take: Annotated[
        str, typer.Option(help="'ours' keeps the text as it stands, 'other' takes the other side's values")
    ] = "ours",
) -> None:
    """Settle a conflict or a call for attention"""
    from memcli.operations.memories.resolve import open_questions, resolve_question

    this = call(ctx)
    if id is None:
        found = open_questions(this.workspace)
        data = {
            "unsettled": [
                {"id": one.id, "title": one.title, "conflict": one.conflict, "attention": one.attention}
                for one in found
            ]
        }
        lines = [printable(f"{one.id[-6:]}  {one.title}  ({one.attention or 'conflict'})") for one in found]
        emit(this, "resolve", data, lambda: "\n".join(lines) or "nothing to settle")
        return
    show_recorded(this, "resolve", resolve_question(this.workspace, id, _side(take)))


def _side(take: str) -> Literal["ours", "other"]:
    if take == "ours":
        return "ours"
    if take == "other":
        return "other"
    raise Usage(f"--take is 'ours' or 'other', not {take!r}", "'mem show ID' shows both sides")
