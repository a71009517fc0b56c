"""`mem exclude`: list, add, rm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from memcli.cli.options import Call, Command, Group, call
from memcli.cli.views.output import emit, printable

if TYPE_CHECKING:
    from memcli.operations.setup.exclude import Exclude, ExcludeChange

app = typer.Typer()
exclude = typer.Typer(cls=Group, help="Keep code paths out of memory: what names them is neither written nor shown")
app.add_typer(exclude, name="exclude")

Glob = Annotated[str, typer.Argument(metavar="GLOB", help="As in .gitignore, from the root: secrets/, *.pem")]
Shared = Annotated[bool, typer.Option("--shared", help="In the team's .memignore, for you to commit")]


@exclude.command("list", cls=Command)
def list_command(ctx: typer.Context) -> None:
    """Show what is excluded, and where it is said"""
    from memcli.operations.setup.exclude import list_excludes

    this = call(ctx)
    found = list_excludes(this.workspace)
    data = {"excludes": [_data(one) for one in found.excludes]}
    warnings = [f"matches nothing: {one.glob} in {one.file}" for one in found.broken]
    lines = [printable(f"{one.glob}  ({one.origin}: {one.file})") for one in found.excludes]
    emit(this, "exclude-list", data, lambda: "\n".join(lines) or "nothing is excluded", warnings)


@exclude.command("add", cls=Command)
def add_command(ctx: typer.Context, glob: Glob, shared: Shared = False) -> None:
    """Exclude code paths, for this clone or for the team

    No memory that names them is written or promoted, bootstrap does not read them, and agents are not shown what is
    about them alone.
    """
    from memcli.operations.setup.exclude import add_exclude

    this = call(ctx)
    words = (
        ("no longer excluded", "was brought back already")
        if glob.startswith("!")
        else ("excluded", "was excluded already")
    )
    _told(this, "exclude-add", add_exclude(this.workspace, glob, shared), *words)


@exclude.command("rm", cls=Command)
def rm_command(ctx: typer.Context, glob: Glob, shared: Shared = False) -> None:
    """Take back what 'mem exclude add' has added"""
    from memcli.operations.setup.exclude import remove_exclude

    this = call(ctx)
    _told(this, "exclude-rm", remove_exclude(this.workspace, glob, shared), "no longer excluded", "")


def _told(this: Call, command: str, done: ExcludeChange, words: str, otherwise: str) -> None:
    said = words if done.changed else otherwise
    data = {**_data(done.exclude), "changed": done.changed}
    emit(this, command, data, lambda: printable(f"{done.exclude.glob} {said} ({done.exclude.file})"))


def _data(one: Exclude) -> dict[str, str]:
    return {"glob": one.glob, "origin": one.origin, "file": one.file}
