"""Refuses to move the store's branch where it is checked out: there it would look like a revert of what came in."""

from __future__ import annotations

from memcli.branch import main_ref
from memcli.errors import Conflict
from memcli.git.layout import Layout, all_worktrees
from memcli.git.ref_files import current_branch


class CheckedOut(Conflict):
    """The store's branch is checked out; only its owner can change that, so trying again is no use."""

    retryable = False


def refuse_checked_out(layout: Layout) -> None:
    """Raise CheckedOut, naming the place, where a worktree has the store's branch checked out."""
    branch, common = main_ref(layout).removeprefix("refs/heads/"), layout.common_dir
    for git_dir, worktree in all_worktrees(layout):
        if current_branch(Layout(git_dir, common)) == branch:
            raise CheckedOut(
                f"{branch} is checked out in {worktree or git_dir}", "check out another branch there, then try again"
            )
