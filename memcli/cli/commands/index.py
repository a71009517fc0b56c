"""`mem index status`, `sync`, `rebuild`, `verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, Group, call_of
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import quantity
from memcli.cli.views.status_page import index_state
from memcli.cli.views.terminal import progress

app = typer.Typer()
index = typer.Typer(cls=Group, help="Inspect, update, rebuild or verify the search index")
app.add_typer(index, name="index")


@index.command("status", cls=Command)
def status_command(ctx: typer.Context) -> None:
    """Show how far the index is behind the store"""
    from memcli.operations.recall.index import index_status

    call = call_of(ctx)
    state = index_status(call.workspace)
    data = {"tree": state.indexed, "store_tree": state.tree, "behind": state.behind, "embedder": state.embedder,
            "persistent": state.persistent, "chroma": state.chroma,
            "unreadable": [{"path": path, "message": message} for path, message in state.unreadable]}  # fmt: skip
    lines = [index_state(state.behind) + (f"; Chroma: {state.chroma}" if state.chroma else "")]
    lines += [printable(f"unreadable: {path}: {message}") for path, message in state.unreadable]
    emit(call, "index-status", data, lambda: "\n".join(lines))


@index.command("sync", cls=Command)
def sync_command(
    ctx: typer.Context,
    chroma: Annotated[
        bool, typer.Option("--chroma", help="Also create the Chroma collection, and keep it updated from now on")
    ] = False,
) -> None:
    """Bring the index up to date with the store"""
    _sync(ctx, "index-sync", rebuild=False, chroma=chroma)


@index.command("rebuild", cls=Command)
def rebuild_command(ctx: typer.Context) -> None:
    """Build the index again from the store"""
    _sync(ctx, "index-rebuild", rebuild=True)


def _sync(ctx: typer.Context, command: str, rebuild: bool, chroma: bool = False) -> None:
    from memcli.operations.recall.index import sync_index

    call = call_of(ctx)
    with progress(call, "indexing"):
        files = sync_index(call.workspace, rebuild, chroma)
    count = quantity(files, "file")
    text = f"rebuilt the index from {count}" if rebuild else f"read {count}" if files else "up to date"
    emit(call, command, {"files": files}, lambda: text)


@index.command("verify", cls=Command)
def verify_command(ctx: typer.Context) -> None:
    """Check that the index holds exactly what the store holds

    Exits with 1 if it does not.
    """
    from memcli.operations.recall.index import verify_index

    call = call_of(ctx)
    verified = verify_index(call.workspace)
    data = {"ok": verified.ok, "tree": verified.tree, "digest": verified.digest, "problems": list(verified.problems)}
    result = "ok: the index matches the store" if verified.ok else "BAD: the index differs from the store"
    lines = [f"{result} ({verified.digest[:12]})", *verified.problems]
    lines += [] if verified.ok else ["run 'mem index rebuild'"]
    emit(call, "index-verify", data, lambda: "\n".join(lines))
    if not verified.ok:
        raise typer.Exit(1)
