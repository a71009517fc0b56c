"""`mem completion`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.checked_values import one_of
from memcli.cli.options import Command

app = typer.Typer()
SHELLS = ("bash", "zsh", "fish")


@app.command("completion", cls=Command)
def completion_command(
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish", help="Your shell", callback=one_of("shell", SHELLS))],
) -> None:
    """Print a script that completes mem in bash, zsh or fish

    It completes commands, options and values (ids with titles, sessions,
    topics, policy keys), after 'mem' and after 'git mem'. Put the line of
    your shell into its startup file:

    \b
    ~/.bashrc                   eval "$(mem completion bash)"
    ~/.zshrc, after compinit    eval "$(mem completion zsh)"
    ~/.config/fish/config.fish  mem completion fish | source
    """
    from memcli.operations.hooks.shipped import completion_script

    typer.echo(completion_script(shell), nl=False)
