"""`mem show`, `list`, `path`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call
from memcli.cli.views.output import emit, hint_init, note, printable
from memcli.core.memory.staleness import FRESH, AnchorStaleness
from memcli.core.memory.summary import Filters, MemorySummary

app = typer.Typer()

Id = Annotated[str, typer.Argument(metavar="ID", help="An id, or a unique beginning or end of one")]
Kind = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind (repeatable)")]
Type = Annotated[list[str] | None, typer.Option("--type", help="Only this type (repeatable)")]
Topic = Annotated[list[str] | None, typer.Option("--topic", help="Only this topic (repeatable)")]
Tag = Annotated[list[str] | None, typer.Option("--tag", help="Only with this tag (repeatable)")]
CodePath = Annotated[list[str] | None, typer.Option("--path", help="Only about this code path (repeatable)")]
Key = Annotated[list[str] | None, typer.Option("--key", help="Only of this key (repeatable)")]
All = Annotated[bool, typer.Option("--all", help="Superseded, retired and withdrawn ones too")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="COMMIT|DATE", help="The store as it was known then")]
ValidAt = Annotated[str | None, typer.Option("--valid-at", metavar="DATE", help="What held then, superseded or not")]


def filters_of(
    kind: Kind, type: Type, topic: Topic, tag: Tag, path: CodePath, key: Key, all: bool, valid_at: ValidAt
) -> Filters:
    """The filters that recall and list share."""
    said = (tuple(items or ()) for items in (kind, type, topic, tag, path, key))
    kinds, types, topics, tags, paths, keys = said
    held = None if valid_at is None else _instant(valid_at)
    return Filters(kinds=kinds, types=types, topics=topics, tags=tags, paths=paths, keys=keys, all=all, valid_at=held)


def _instant(text: str) -> str:
    from memcli.operations.views.snapshot import parse_valid_at

    return parse_valid_at(text)


@app.command("show", cls=Command)
def show_command(ctx: typer.Context, id: Id, as_of: AsOf = None, valid_at: ValidAt = None) -> None:
    """Show a memory: its front matter and its body

    With '--valid-at', the memory of its key that held then.
    """
    from memcli.operations.memories.show import show_memory

    this = call(ctx)
    found = show_memory(this.workspace, id, as_of, valid_at)
    fares = found.staleness
    data = {**found.front, "body": found.body, "path": found.path, "rev": found.rev, "blob": found.blob,
            "staleness": fares.state, "anchors": [anchor_data(one) for one in fares.anchors]}  # fmt: skip
    emit(this, "show", data, lambda: printable(found.text.rstrip("\n")))
    for one in fares.anchors:
        if one.state != FRESH or one.moved_to:
            note(this, f"{one.state}: {one.path} {one.reason}")
    hint_init(this)


def anchor_data(one: AnchorStaleness) -> dict[str, object]:
    """An anchor as the JSON contract has it."""
    return {"path": one.path, "state": one.state, "now": one.moved_to}


@app.command("list", cls=Command)
def list_command(
    ctx: typer.Context,
    kind: Kind = None,
    type: Type = None,
    topic: Topic = None,
    tag: Tag = None,
    path: CodePath = None,
    key: Key = None,
    all: All = False,
    as_of: AsOf = None,
    valid_at: ValidAt = None,
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="At most this many")] = None,
) -> None:
    """List memories, most recently modified first"""
    from memcli.operations.memories.list import list_memories

    this = call(ctx)
    filters = filters_of(kind, type, topic, tag, path, key, all, valid_at)
    found = list_memories(this.workspace, filters, limit, as_of)
    data = {"memories": [_listed(record) for record in found]}
    emit(this, "list", data, lambda: "\n".join(_line(record) for record in found) or "no memories")
    hint_init(this)


def _listed(record: MemorySummary) -> dict[str, object]:
    return {"id": record.id, "title": record.title, "kind": record.kind, "type": record.type, "topic": record.topic,
            "status": record.status, "modified": record.modified, "session": record.candidate_of,
            "key": record.key, "path": record.path}  # fmt: skip


def marks_of(record: MemorySummary) -> list[str]:
    """What sets a memory apart from those that are simply there."""
    marks = [record.status] if record.status != "active" else []
    marks += ["candidate"] if record.candidate_of else []
    return [*marks, *(["conflict"] if record.conflict else [])]


def _line(record: MemorySummary) -> str:
    marks = marks_of(record)
    extra = f"  ({', '.join(marks)})" if marks else ""
    return printable(
        f"{record.id[-6:]}  {record.modified[:10]}  {record.type:<10}  {record.topic}: {record.title}{extra}"
    )


@app.command("path", cls=Command)
def path_command(ctx: typer.Context, id: Id) -> None:
    """Print where a memory's file is: in the session's worktree if it is there, else in the store's tree"""
    from memcli.operations.memories.path import memory_file

    this = call(ctx)
    found = memory_file(this.workspace, id)
    emit(this, "path", {"id": found.id, "path": found.path, "file": found.file}, lambda: str(found.file or found.path))
