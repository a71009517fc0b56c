"""`mem exclude list`, `add`, `rm`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from memcli.cli.options import Call, Command, Group, call_of
from memcli.cli.views.output import emit, printable

if TYPE_CHECKING:
    from memcli.operations.setup.exclude import Exclude, ExcludeChange

app = typer.Typer()
exclude = typer.Typer(
    cls=Group, help="Keep code paths out of memory\n\nMemories that mention them are neither stored nor shown."
)
app.add_typer(exclude, name="exclude")

Glob = Annotated[str, typer.Argument(metavar="GLOB", help="Pattern as in .gitignore, from the root: secrets/ or *.pem")]
_OWNERS = {"shared": "shared", "own": "this clone"}
Shared = Annotated[bool, typer.Option("--shared", help="Use the team's .memignore, which you commit")]


@exclude.command("list", cls=Command)
def list_command(ctx: typer.Context) -> None:
    """List excluded code paths and the files that exclude them"""
    from memcli.operations.setup.exclude import list_excludes

    call = call_of(ctx)
    excludes = list_excludes(call.workspace)
    warnings = [f"matches nothing: {broken.glob} in {broken.file}" for broken in excludes.broken]
    lines = [printable(f"{pattern.glob}  ({_OWNERS[pattern.origin]}: {pattern.file})") for pattern in excludes.excludes]
    data = {"excludes": list(map(_data, excludes.excludes))}
    emit(call, "exclude-list", data, lambda: "\n".join(lines) or "nothing is excluded", warnings)


@exclude.command("add", cls=Command)
def add_command(ctx: typer.Context, glob: Glob, shared: Shared = False) -> None:
    """Exclude code paths, for this clone or for the team

    Memories that mention an excluded path are not recorded or promoted,
    'mem bootstrap' does not read it, and agents are not shown memories that
    are only about excluded paths.
    """
    from memcli.operations.setup.exclude import add_exclude

    call = call_of(ctx)
    change = add_exclude(call.workspace, glob, shared)
    is_exception = glob.startswith("!")
    changed, unchanged = (
        ("is no longer excluded", "was not excluded") if is_exception else ("is now excluded", "was already excluded")
    )
    _show_change(call, "exclude-add", change, changed if change.changed else unchanged)


@exclude.command("rm", cls=Command)
def rm_command(ctx: typer.Context, glob: Glob, shared: Shared = False) -> None:
    """Remove a pattern added with 'mem exclude add'"""
    from memcli.operations.setup.exclude import remove_exclude

    call = call_of(ctx)
    _show_change(call, "exclude-rm", remove_exclude(call.workspace, glob, shared), "is no longer excluded")


def _show_change(call: Call, command: str, change: ExcludeChange, result: str) -> None:
    data = {**_data(change.exclude), "changed": change.changed}
    emit(call, command, data, lambda: printable(f"{change.exclude.glob} {result} ({change.exclude.file})"))


def _data(exclude: Exclude) -> dict[str, str]:
    return {"glob": exclude.glob, "origin": exclude.origin, "file": exclude.file}
