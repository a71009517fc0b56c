"""Emphasis: text that stands out or steps back, where the call wants colour."""

from __future__ import annotations

import typer

from memcli.cli.options import Call

SIGNS = {"added": "+", "retired": "-"}
"""The sign of a change; `~` for any other."""


def bold(call: Call, text: str) -> str:
    """What matters."""
    return typer.style(text, bold=True) if call.color else text


def dim(call: Call, text: str) -> str:
    """What only some need, such as paths and ids."""
    return typer.style(text, dim=True) if call.color else text


def coloured(call: Call, text: str, colour: str | None) -> str:
    """What is good or bad: green, yellow, red; None for neither."""
    return typer.style(text, fg=colour) if call.color and colour else text
