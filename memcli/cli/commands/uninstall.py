"""`mem uninstall`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.selectors import Yes

app = typer.Typer()


@app.command("uninstall", cls=Command)
def uninstall_command(
    ctx: typer.Context,
    keep_memories: Annotated[bool, typer.Option("--keep-memories", help="Keep the branch mem/main")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also delete session files that are in no commit")] = False,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be removed; remove nothing")] = False,
) -> None:
    """Remove mem from this repository

    Removes the hooks, the memories, all sessions, the state in .git/mem, the
    directory .mem and git's settings mem.*. Everything else stays byte for
    byte, and so do branches on remotes. Shows what goes, then asks.
    """
    from memcli.cli.views.removal import may_remove, show_nothing_to_remove, show_plan, show_removed
    from memcli.operations.setup.plan_removal import plan_removal
    from memcli.operations.setup.uninstall import remove_mem

    call = call_of(ctx, any_session=True)
    removal = plan_removal(call.workspace, keep_memories)
    if removal.is_empty:
        show_nothing_to_remove(call, removal)
    elif dry_run:
        show_plan(call, removal)
    elif may_remove(call, removal, yes):
        show_removed(call, remove_mem(call.workspace, removal, force), is_shown=not yes)
