"""`mem verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.verification import show_verifications

app = typer.Typer()


@app.command("verify", cls=Command)
def verify_command(
    ctx: typer.Context,
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Memory ids, or unique prefixes or suffixes of them")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report status; record nothing")] = False,
) -> None:
    """Confirm memories against the committed code

    Records a memory as verified if all of its 'holds_if' rules hold. If it has
    no rules, running this command confirms it. Its anchors follow renamed
    files. A rule that does not hold raises an open question. The changed
    memories are candidates of your session. Exits with 1 if one of them could
    not be verified.
    """
    from memcli.operations.memories.verify import verify_memories

    call = call_of(ctx)
    verifications = verify_memories(call.workspace, ids, dry_run)
    show_verifications(call, verifications, dry_run)
    if not all(verification.verified for verification in verifications):
        raise typer.Exit(1)
