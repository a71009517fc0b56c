"""`mem ui`."""

from __future__ import annotations

import sys

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.output import note
from memcli.cli.views.quantities import quantity
from memcli.config import is_dumb_terminal
from memcli.errors import Usage

app = typer.Typer()


@app.command("ui", cls=Command)
def ui_command(ctx: typer.Context) -> None:
    """Decide what waits on one screen of the terminal

    All candidates by topic, what the checks found, both sides of questions,
    search, history and undo, with keys or the mouse; `?` lists the keys.
    Decisions are applied together, as one operation. For a screen reader use
    `mem review -p --plain`.
    """
    call = call_of(ctx)
    if not call.may_prompt or not sys.stdout.isatty():
        raise Usage(
            "'mem ui' needs a terminal", "'mem review' prints what waits, 'mem promote' and 'mem reject' decide"
        )
    if is_dumb_terminal():
        raise Usage("'mem ui' cannot draw on a dumb terminal", "'mem review -p --plain' asks at prompts instead")
    from memcli.operations.views.reader import Reader

    Reader(call.workspace).tip()  # without a store there is nothing to show
    from memcli.tui.mem_ui import run_ui

    end = run_ui(call)
    if end.kept:
        note(call, f"{quantity(end.kept, 'decision')} kept; 'mem ui' and 'mem review -p' offer them again")
    raise typer.Exit(end.code)
