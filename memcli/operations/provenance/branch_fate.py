"""What became of the code branch that a session was started on, as plain files tell it."""

from __future__ import annotations

from typing import Protocol

from memcli.core.session.state import BRANCH_GONE, BRANCH_MERGED, BranchMerge
from memcli.git.layout import Layout
from memcli.git.ref_files import current_branch, read_ref

HEADS = "refs/heads/"


class OnBranch(Protocol):
    """What names a code branch, and the merge of it that it knows of."""

    @property
    def code_branch(self) -> str | None: ...

    @property
    def merged(self) -> BranchMerge | None: ...


def branch_state(layout: Layout, session: OnBranch) -> str | None:
    """`merged` or `gone`; None while the session's code branch is neither, or where it names none."""
    branch = session.code_branch
    if not branch:
        return None
    tip = read_ref(layout, HEADS + branch)
    if session.merged and tip in (None, session.merged.tip):
        return BRANCH_MERGED
    return BRANCH_GONE if tip is None and current_branch(layout) != branch else None
