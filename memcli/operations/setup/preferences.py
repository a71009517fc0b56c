"""The programs the user has chosen for git: the editor and the pager, in git's own order of precedence."""

from __future__ import annotations

from memcli.errors import Failure, Usage
from memcli.git.command import run_git
from memcli.workspace import Workspace


def editor(workspace: Workspace) -> str:
    """The editor's command line. Raises Usage where git knows none."""
    try:
        command = run_git(workspace.layout.git_dir, "var", "GIT_EDITOR")
    except Failure:
        command = ""  # a terminal that can do nothing, and no editor for it
    if not command.strip():
        raise Usage("no editor is set", "set EDITOR, or pass the text on the command line")
    return command


def pager(workspace: Workspace) -> str:
    """The pager's command line; empty or `cat` for none."""
    return run_git(workspace.layout.git_dir, "var", "GIT_PAGER")
