"""How `mem demo` shows its commands and their output."""

from __future__ import annotations

from collections.abc import Iterable

import typer


def show_heading(text: str) -> None:
    """Print a heading of the tour."""
    typer.echo("\n" + typer.style(f"# {text}", bold=True))


def show_command(command: str) -> None:
    """Print a command as it would be typed."""
    typer.echo(typer.style(f"$ {command}", fg="cyan"))


def show_output(lines: Iterable[str]) -> None:
    """Print what a command printed."""
    for line in lines:
        typer.echo(f"  {line}")
