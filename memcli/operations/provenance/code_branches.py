"""What becomes of the code branches that sessions were started on: merged, or gone.

A merge is noticed where it happens (a merge, a pull, a checkout of the default branch) and noted in the session; a
branch that is gone is noticed when somebody looks. Nothing is decided here: a session whose branch was merged is
offered for review, and one whose branch is gone is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from memcli.branch import SESSIONS
from memcli.core.memory.instants import parse_instant
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.state import BranchMerge, parse_branch_merge
from memcli.git.branch_work import default_branch
from memcli.git.command import ask_git
from memcli.git.history import log
from memcli.git.layout import Layout
from memcli.git.ref_files import current_branch, list_refs, read_ref
from memcli.git.reflog import newest_moves
from memcli.git.settings import settings
from memcli.operations.provenance.branch_fate import HEADS

MAX_COMMITS = 2_000
"""Commits of open sessions that are looked at."""
_WORK = ("commit", "cherry-pick", "am:", "rebase")
"""How reflog messages about work on a branch begin; others tell only of its creation."""


@dataclass(frozen=True)
class FollowingSession:
    """An open session that names a code branch; `noted`: the merge of the branch that the session knows of."""

    session: str
    branch: str
    started: float
    noted: BranchMerge | None


def newly_merged(layout: Layout, after_merge: bool) -> list[tuple[str, str]]:
    """(session, note) of the open sessions whose code branch has been merged into the branch that is checked out.

    `after_merge`: git has just merged into it; else only the default branch counts.
    """
    head, into = read_ref(layout, "HEAD"), current_branch(layout)
    if head is None or into is None:
        return []
    sessions = [session for session in _following(layout) if session.branch != into]
    default = default_branch(layout, settings(layout.git_dir).get("codebranch", "")) if sessions else None
    at_default = default is not None and default[0] == into
    if not after_merge and not at_default:
        return []  # a branch that was started from another one has not merged it
    sessions = [session for session in sessions if default is None or session.branch != default[0]]
    tips = _tips(layout, sessions)
    inside = _contained(layout, head, tips)
    before = read_ref(layout, "ORIG_HEAD") if after_merge and inside else None
    new = inside - _contained(layout, before, tips) if before else set[str]()
    return [
        (session.session, BranchMerge(tips[session.branch], into).value())
        for session in sessions
        if not _is_noted(session, tips)
        and (session.branch in new or (at_default and session.branch in inside and _was_worked_on(layout, session)))
    ]


def _following(layout: Layout) -> Iterator[FollowingSession]:
    """The open sessions that name a code branch, by the trailers of their commits, read by one git process."""
    tips = dict(list_refs(layout, SESSIONS))
    branches: dict[str, dict[str, str]] = {}
    patterns = (f"--grep=^{trailers.CODE_BRANCH}: ", f"--grep=^{trailers.BRANCH_MERGED}: ")
    for commit in reversed(log(layout.common_dir, list(tips.values()), MAX_COMMITS, *patterns)):
        values = dict(trailers_of(commit.message))
        branches.setdefault(values.get(trailers.SESSION, ""), {}).update(values)
    for name, values in branches.items():
        if SESSIONS + name in tips and trailers.CODE_BRANCH in values:
            noted = parse_branch_merge(values.get(trailers.BRANCH_MERGED, ""))
            yield FollowingSession(name, values[trailers.CODE_BRANCH], _seconds(values.get(trailers.START, "")), noted)


def _seconds(text: str) -> float:
    try:
        return parse_instant(text).timestamp()
    except ValueError:
        return 0.0


def _tips(layout: Layout, sessions: Sequence[FollowingSession]) -> dict[str, str]:
    """The tip of each session's code branch that exists."""
    branches = {session.branch for session in sessions}
    return {branch: tip for branch in branches if (tip := read_ref(layout, HEADS + branch))}


def _contained(layout: Layout, commit: str, tips: Mapping[str, str]) -> set[str]:
    """The branches whose tips are ancestors of a commit."""
    if not tips:
        return set()
    refs = [HEADS + name for name in tips]
    output = ask_git(layout.common_dir, "for-each-ref", f"--merged={commit}", "--format=%(refname)", "--", *refs)
    return {line.removeprefix(HEADS) for line in output.splitlines()} & tips.keys()


def _is_noted(session: FollowingSession, tips: Mapping[str, str]) -> bool:
    return session.noted is not None and session.noted.tip == tips.get(session.branch)


def _was_worked_on(layout: Layout, session: FollowingSession) -> bool:
    """Whether the branch's reflog has a commit since the session started: a new branch is contained in everything."""
    moves = newest_moves(layout.common_dir, HEADS + session.branch)
    return any(seconds >= session.started and message.startswith(_WORK) for _, seconds, message in moves)
