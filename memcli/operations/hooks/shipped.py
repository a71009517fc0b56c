"""The files that ship with the program: hooks/ for git, templates/ for harnesses and shells."""

from __future__ import annotations

from pathlib import Path

from memcli.errors import Failure

_PACKAGE = Path(__file__).parents[2]


def template(name: str) -> str:
    """A file of templates/agents/."""
    return _read(f"templates/agents/{name}")


def git_hook(event: str) -> str:
    """The script for a git event."""
    return _read(f"hooks/{event}")


def completion_script(shell: str) -> str:
    """The script that completes `mem` in `bash`, `zsh` or `fish`."""
    return _read(f"templates/completion/mem.{shell}")


def _read(name: str) -> str:
    for root in (_PACKAGE, _PACKAGE.parent):  # in a wheel they are inside the package, in a checkout beside it
        if (root / name).is_file():
            return (root / name).read_text("utf-8")
    raise Failure(f"{name} is missing from the installation", "reinstall mem")
