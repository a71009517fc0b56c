"""Where the files of a session are: in the code worktree it was started in, which may not be the caller's."""

from __future__ import annotations

from memcli.git.layout import session_worktrees
from memcli.git.worktrees import Worktree
from memcli.workspace import Workspace


def session_home(workspace: Workspace, session: str) -> Workspace | None:
    """The caller as if in the code worktree that has a session's files; None where the session has none, or has ended.

    The session may have been started in another worktree of the repository.
    """
    if not workspace.selection.is_open(session):
        return None
    if Worktree(workspace.layout, workspace.odb, session).exists:
        return workspace
    layout = dict(session_worktrees(workspace.layout)).get(session)
    home = workspace.in_worktree(layout, session, workspace.config.agent) if layout else None
    return home if home and Worktree(home.layout, home.odb, session).exists else None
