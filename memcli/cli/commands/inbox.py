"""`mem inbox`, the same as `mem` alone; hidden."""

from __future__ import annotations

import typer

from memcli.cli.options import Command
from memcli.cli.start_page import show_start_page

app = typer.Typer()


@app.command("inbox", cls=Command, hidden=True)
def inbox_command(ctx: typer.Context) -> None:
    """Show what waits for you, as mem alone"""
    show_start_page(ctx)
