"""`mem list`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import All, AsOf, CodePath, Key, Kind, Tag, Topic, Type, ValidAt, instant_of
from memcli.cli.views.memory_lines import show_list
from memcli.cli.views.output import hint_init
from memcli.core.memory.summary import Filters

app = typer.Typer()


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
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="Show at most N memories")] = None,
) -> None:
    """List memories, most recently modified first"""
    from memcli.operations.memories.list import list_memories

    call = call_of(ctx)
    kinds, types, topics, tags, paths, keys = (tuple(given or ()) for given in (kind, type, topic, tag, path, key))
    filters = Filters(kinds, types, topics, tags, paths, keys, all=all, valid_at=instant_of(valid_at))
    show_list(call, list_memories(call.workspace, filters, limit, as_of))
    hint_init(call)
