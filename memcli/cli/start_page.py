"""`mem` alone: the inbox, or how to begin where there is no store yet."""

from __future__ import annotations

import typer

from memcli.cli.options import call_of
from memcli.cli.views.inbox_page import show_inbox, show_welcome
from memcli.cli.views.output import hint_init
from memcli.errors import NoStore


def show_start_page(ctx: typer.Context) -> None:
    """Print the inbox. Exits with 3 in a repository without a store, after saying what mem is. Raises NoStore outside
    of a repository."""
    from memcli.operations.inbox.inbox import read_inbox

    call = call_of(ctx)
    _ = call.workspace.layout  # outside of a repository there is nothing to explain
    try:
        inbox = read_inbox(call.workspace)
    except NoStore as error:
        if call.flags.json:
            raise
        show_welcome()
        raise typer.Exit(error.exit_code) from error
    show_inbox(call, inbox)
    hint_init(call)
