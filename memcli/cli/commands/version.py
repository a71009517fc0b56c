"""`mem version`, the same as `mem --version`; hidden."""

from __future__ import annotations

import typer

from memcli import __version__
from memcli.cli.options import Command

app = typer.Typer()


@app.command("version", cls=Command, hidden=True)
def version_command() -> None:
    """Print the version"""
    typer.echo(f"mem {__version__}")
