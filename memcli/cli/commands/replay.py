"""`mem replay`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.errors import Usage

app = typer.Typer()


@app.command("replay", cls=Command)
def replay_command(
    ctx: typer.Context,
    pack: Annotated[
        str | None, typer.Argument(metavar="PACK", help="Hash of a pack, or at least its first six digits")
    ] = None,
    commit: Annotated[
        str | None,
        typer.Option(metavar="SHA", help="Print all packs that this commit's session received before the commit"),
    ] = None,
) -> None:
    """Print an earlier context pack again, byte for byte

    Uses the stored bytes if they exist; otherwise renders the pack from the
    session's records.
    """
    from memcli.cli.views.packs import show_handed, show_replayed
    from memcli.operations.recall.replay import replay, replay_commit

    call = call_of(ctx)
    if (pack is None) == (commit is None):
        raise Usage("name either a pack or a code commit", "use 'mem replay PACK' or 'mem replay --commit SHA'")
    if pack is not None:
        show_replayed(call, replay(call.workspace, pack))
    else:
        show_handed(call, replay_commit(call.workspace, commit or ""))
