"""The two links between a session's directory and what git keeps of it: made, mended after a move, and taken away.

Contract: only entries that are ours are ever changed or removed (`session_entry`), one at a time: git's own `worktree
prune` and `repair` would go over the user's worktrees too, and one whose disk is away for a moment loses its HEAD and
index.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress

from memcli.errors import Failure
from memcli.git.layout import Layout, is_noted_as_session, leads_to, linked_worktrees, noted_worktree
from memcli.git.ref_files import current_branch
from memcli.system import durable_files


def link(place: str, git_dir: str) -> None:
    """Let a directory and a git directory lead to each other. Raises OSError.

    The directory's link is relative, which every git reads: it survives that both are moved together."""
    target = os.path.relpath(os.path.realpath(git_dir), os.path.realpath(place))
    durable_files.replace(os.path.join(place, ".git"), b"gitdir: " + os.fsencode(target) + b"\n")
    durable_files.replace(os.path.join(git_dir, "gitdir"), os.fsencode(os.path.join(place, ".git")) + b"\n")


def mend_links(place: str, git_dir: str) -> None:
    """Link the two again where a move has broken that; where nothing can be written, commands work all the same.

    Raises Failure where the git directory belongs to another directory that is there: a copy shares it."""
    noted = noted_worktree(git_dir)
    if leads_to(noted, git_dir):
        if not os.path.samefile(noted, place):
            raise Failure(f"{place} is a copy of {noted}, which git knows", "work there, or copy the repository too")
        return
    with suppress(OSError):
        link(place, git_dir)


def refuse_users_worktree(layout: Layout, place: str) -> None:
    """Raise Failure where git has noted a worktree of the user's at a place."""
    if any(noted_worktree(git_dir) == place for git_dir, _ in linked_worktrees(layout)):
        hint = "move it with 'git worktree move', or use another session name"
        raise Failure(f"git has a worktree that is not mem's at {place}", hint)


def forget(git_dir: str, session: str) -> None:
    """Remove what git keeps of a session's worktree whose directory is gone. Raises Failure where that is no longer
    only ours, OSError."""
    branch = current_branch(Layout(git_dir, git_dir))
    if branch is not None or not is_noted_as_session(git_dir, session):
        reason = f"has {branch} checked out" if branch else f"was moved to {noted_worktree(git_dir)}"
        raise Failure(f"the worktree of session {session} {reason}", "remove it with 'git worktree remove'")
    shutil.rmtree(git_dir)
    with suppress(OSError):
        os.rmdir(os.path.dirname(git_dir))
