"""The store's branch under somebody's checkout: moving it there would look like a revert of all that came in."""

from __future__ import annotations

from memcli.errors import Conflict
from memcli.git.layout import path_in
from memcli.workspace import Workspace


class CheckedOut(Conflict):
    """The store's branch is checked out; only its owner can change that, so trying again is no use."""

    retryable = False


def refuse_checked_out(workspace: Workspace) -> None:
    """Raise CheckedOut, naming the place, where a worktree has the store's branch checked out."""
    ref, common = workspace.main()[0], workspace.layout.common_dir
    for head in (common / "HEAD", *common.glob("worktrees/*/HEAD")):
        if head.is_file() and head.read_text(encoding="utf-8", errors="replace").strip() == f"ref: {ref}":
            link = head.parent / "gitdir"
            place = str(path_in(link)) if link.is_file() else str(common)
            raise CheckedOut(
                f"{ref.removeprefix('refs/heads/')} is checked out in {place.removesuffix('/.git')}",
                "check out another branch there, then try again",
            )
