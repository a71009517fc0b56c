"""`mem index status`, `sync`, `rebuild`, `verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, Group, call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.terminal import working

app = typer.Typer()
index = typer.Typer(cls=Group, help="Look at, update, rebuild or prove the search index; it is always safe to delete")
app.add_typer(index, name="index")


@index.command("status", cls=Command)
def status_command(ctx: typer.Context) -> None:
    """Show how far the index is behind the store"""
    from memcli.operations.recall.index import index_status

    this = call(ctx)
    found = index_status(this.workspace)
    data = {"tree": found.indexed, "store_tree": found.tree, "behind": found.behind, "embedder": found.embedder,
            "persistent": found.persistent, "chroma": found.chroma,
            "unreadable": [{"path": path, "message": message} for path, message in found.unreadable]}  # fmt: skip
    words = (
        "not built yet" if found.behind is None else "current" if not found.behind else f"{found.behind} files behind"
    )
    words += f"; Chroma: {found.chroma}" if found.chroma else ""
    lines = [words, *(printable(f"unreadable: {path}: {message}") for path, message in found.unreadable)]
    emit(this, "index-status", data, lambda: "\n".join(lines))


@index.command("sync", cls=Command)
def sync_command(
    ctx: typer.Context,
    chroma: Annotated[bool, typer.Option("--chroma", help="Make the Chroma collection, which then follows")] = False,
) -> None:
    """Bring the index to the store's tip"""
    _sync(ctx, "index-sync", rebuild=False, chroma=chroma)


@index.command("rebuild", cls=Command)
def rebuild_command(ctx: typer.Context) -> None:
    """Build the index anew from the store"""
    _sync(ctx, "index-rebuild", rebuild=True)


def _sync(ctx: typer.Context, command: str, rebuild: bool, chroma: bool = False) -> None:
    from memcli.operations.recall.index import sync_index

    this = call(ctx)
    with working(this, "indexing"):
        files = sync_index(this.workspace, rebuild, chroma)
    emit(this, command, {"files": files}, lambda: f"{files:,} files read" if files else "current")


@index.command("verify", cls=Command)
def verify_command(ctx: typer.Context) -> None:
    """Prove that the index is a function of the store's tree"""
    from memcli.operations.recall.index import verify_index

    this = call(ctx)
    found = verify_index(this.workspace)
    data = {"ok": found.ok, "tree": found.tree, "digest": found.digest, "problems": list(found.problems)}
    lines = [f"{'ok' if found.ok else 'BAD'} {found.digest}", *found.problems]
    if not found.ok:
        lines.append("'mem index rebuild' makes it anew")
    emit(this, "index-verify", data, lambda: "\n".join(lines))
    if not found.ok:
        raise typer.Exit(1)
