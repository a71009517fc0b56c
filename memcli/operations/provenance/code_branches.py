"""Sessions follow the code branch they were started on: it was merged, or it is gone.

That it was merged is noticed where it happens (a merge, a pull, a checkout of the default branch) and noted in the
session; that it is gone shows when somebody looks. Nothing is decided here: a session whose branch was merged is
offered for review, and one whose branch is gone is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from memcli.branch import SESSIONS
from memcli.core.memory.instants import parse_instant
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.core.session.state import BRANCH_GONE, BRANCH_MERGED, BranchMerge, Session, parse_branch_merge
from memcli.git.branch_work import default_branch
from memcli.git.command import ask_git
from memcli.git.layout import Layout
from memcli.git.queries import log
from memcli.git.ref_files import current_branch, list_refs, read_ref
from memcli.git.settings import settings

HEADS = "refs/heads/"
MOST = 2_000
"""Commits of open sessions that are looked at."""


@dataclass(frozen=True)
class FollowingSession:
    """An open session that names a code branch; `noted`: where that went, as far as the session knows."""

    session: str
    branch: str
    started: float
    noted: BranchMerge | None


def newly_merged(layout: Layout, after_merge: bool) -> list[tuple[str, str]]:
    """(session, what to note) of the open sessions whose code branch has come into the branch that is checked out."""
    head, into = read_ref(layout, "HEAD"), current_branch(layout)
    if head is None or into is None:
        return []
    followers = [one for one in _followers(layout) if one.branch != into]
    default = default_branch(layout, settings(layout.git_dir).get("codebranch", "")) if followers else None
    at_home = default is not None and default[0] == into
    if not after_merge and not at_home:
        return []  # a branch that was begun on top of another has not merged it
    followers = [one for one in followers if default is None or one.branch != default[0]]
    before = read_ref(layout, "ORIG_HEAD") if after_merge else None
    found = list(_merged(layout, followers, head, before, at_home))
    return [(one.session, BranchMerge(tip, into).value()) for one, tip in found]


def branch_state(layout: Layout, session: Session) -> str | None:
    """`merged`, `gone`, or None while nothing has become of the session's code branch, or it names none."""
    branch = session.code_branch
    if not branch:
        return None
    tip = read_ref(layout, HEADS + branch)
    if session.merged and tip in (None, session.merged.tip):
        return BRANCH_MERGED
    return BRANCH_GONE if tip is None and current_branch(layout) != branch else None


def _followers(layout: Layout) -> Iterator[FollowingSession]:
    """What the commits of open sessions say of code branches, told by git in one go."""
    tips = dict(list_refs(layout, SESSIONS))
    said: dict[str, dict[str, str]] = {}
    wanted = (f"--grep=^{trailers.CODE_BRANCH}: ", f"--grep=^{trailers.BRANCH_MERGED}: ")
    for commit in reversed(log(layout.common_dir, list(tips.values()), MOST, *wanted)):
        found = dict(trailers_of(commit.message))
        said.setdefault(found.get(trailers.SESSION, ""), {}).update(found)
    for name, found in said.items():
        if SESSIONS + name in tips and trailers.CODE_BRANCH in found:
            noted = parse_branch_merge(found.get(trailers.BRANCH_MERGED, ""))
            yield FollowingSession(name, found[trailers.CODE_BRANCH], _seconds(found.get(trailers.START, "")), noted)


def _seconds(text: str) -> float:
    try:
        return parse_instant(text).timestamp()
    except ValueError:
        return 0.0


def _merged(
    layout: Layout, followers: Sequence[FollowingSession], head: str, before: str | None, at_home: bool
) -> Iterator[tuple[FollowingSession, str]]:
    """Those whose branch HEAD contains, and its tip: what came in since `before`, and at home all that was worked on
    (a branch that was only begun is contained as well)."""
    tips = {branch: tip for branch in {one.branch for one in followers} if (tip := read_ref(layout, HEADS + branch))}
    inside = _contained(layout, head, tips) if tips else set()
    new = inside - _contained(layout, before, tips) if before and inside else set()
    for one in followers:
        known = one.noted is not None and one.noted.tip == tips.get(one.branch)
        if not known and (one.branch in new or (at_home and one.branch in inside and _was_worked_on(layout, one))):
            yield one, tips[one.branch]


def _contained(layout: Layout, commit: str, tips: dict[str, str]) -> set[str]:
    """The branches whose tips are ancestors of a commit."""
    names = [HEADS + name for name in tips]
    said = ask_git(layout.common_dir, "for-each-ref", f"--merged={commit}", "--format=%(refname)", "--", *names)
    return {line.removeprefix(HEADS) for line in said.splitlines()} & tips.keys()


def _was_worked_on(layout: Layout, one: FollowingSession) -> bool:
    """Whether its log tells of a commit since the session began: a branch that was only begun is in everything."""
    try:
        text = Path(layout.common_dir, "logs", HEADS, one.branch).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(_is_work(line, one.started) for line in text.splitlines())


def _is_work(line: str, since: float) -> bool:
    """`old new Name <mail> seconds zone TAB what`."""
    who, _, what = line.partition("\t")
    words = who.split()
    seconds = words[-2] if len(words) > 3 else ""
    return seconds.isdecimal() and int(seconds) >= since and what.startswith(("commit", "cherry-pick", "am:", "rebase"))
