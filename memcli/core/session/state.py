"""A session's state, folded from its commits: trailers in, one frozen value out.

A session is its ref: the start, every decision and the closing are commits whose last paragraph holds `Mem-*`
trailers, so any clone that has the ref has the whole state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TypedDict

from memcli.core.session import trailers
from memcli.core.session.commit_message import task_of, trailers_of

OPEN, CLOSED, PROMOTED, REJECTED = "open", "closed", "promoted", "rejected"
BRANCH_MERGED, BRANCH_GONE = "merged", "gone"
"""What became of a session's code branch."""
_BRANCH_MERGE = re.compile(r"([0-9a-f]{40}) ([^ ]{1,250})")
_REVIEW_STEP, _NO_REVIEW = "review ", ("not asked", "no reviewer")


@dataclass(frozen=True)
class RejectedContent:
    """A decision: this content (see `candidates.content_hash`) of this memory is not to be proposed again."""

    id: str
    content: str
    reason: str
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class RejectedClaim:
    """A decision: what a memory claims (see `claim.claim_hash`), or its retirement (see `claim.retirement_hash`), was
    rejected, by whoever and wherever it is proposed."""

    id: str
    claim: str
    reason: str
    session: str
    at: datetime


@dataclass(frozen=True)
class BranchMerge:
    """Where the code branch of a session went: its tip at that time, and the branch that has it now."""

    tip: str
    into: str

    def value(self) -> str:
        """The value of the trailer `Mem-Branch-Merged`."""
        return f"{self.tip} {self.into}"


def parse_branch_merge(text: str) -> BranchMerge | None:
    """The merge in the value of `Mem-Branch-Merged`; None for any other text."""
    match = _BRANCH_MERGE.fullmatch(text)
    return BranchMerge(match[1], match[2]) if match else None


@dataclass(frozen=True)
class Session:
    """One line of work. `base`: the commit of the store its candidates are compared with; `tip`: its newest commit.

    For a dream, `watermark` and `code` are the commits of the store and of the code up to which it has read. `ended` is
    the time (RFC 3339) at which its harness ended it, `steps` the steps of that end that are done. `standing` is the
    login of the person whose standing draft session it is."""

    name: str
    base: str
    tip: str
    state: str = OPEN
    agent: str | None = None
    author: str = ""
    email: str = ""
    task: str = ""
    code_branch: str | None = None
    merged: BranchMerge | None = None
    harness_id: str | None = None
    started: datetime | None = None
    updated: datetime | None = None
    watermark: str | None = None
    code: str | None = None
    rejections: tuple[RejectedContent, ...] = ()
    rejected_claims: tuple[RejectedClaim, ...] = ()
    ended: str | None = None
    steps: tuple[str, ...] = ()
    standing: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether it goes on when nothing is left in it: a standing draft session does until it is closed."""
        return bool(self.standing) and self.state == OPEN

    @property
    def is_ending(self) -> bool:
        """Whether its harness has ended it and not all steps of that end are done."""
        return self.state == OPEN and self.ended is not None

    @property
    def opinion(self) -> str:
        """The reviewer's result, `` if none was asked."""
        results = (step.removeprefix(_REVIEW_STEP) for step in reversed(self.steps) if step.startswith(_REVIEW_STEP))
        opinion = next(results, "")
        return "" if opinion.startswith(_NO_REVIEW) else opinion

    def rejects(self, memory_id: str, content: str) -> bool:
        """Whether the session holds a decision against this content of this memory."""
        return (memory_id, content) in self._rejected

    @cached_property
    def _rejected(self) -> frozenset[tuple[str, str]]:
        return frozenset((rejection.id, rejection.content) for rejection in self.rejections)


@dataclass(frozen=True)
class FoldedCommit:
    """What `fold` needs of a commit."""

    id: str
    message: str
    author: str
    at: datetime
    email: str = ""


Pairs = list[tuple[str, str]]
"""The trailers (key, value) of a commit."""


def fold(name: str, commits: Iterable[FoldedCommit]) -> Session | None:
    """The state of a session from its commits, newest first, down to its start; None if none is a session's own."""
    chain: list[tuple[FoldedCommit, Pairs]] = []
    newest = ""
    for commit in commits:
        newest = newest or commit.id  # a commit made by hand, without trailers, moves the tip as well
        pairs = trailers_of(commit.message)
        keys = {key for key, _ in pairs}
        if trailers.SESSION in keys:
            chain.append((commit, pairs))
        if trailers.START in keys:
            break
    session = Session(name, base="", tip="")
    for commit, pairs in reversed(chain):
        session = _after(session, commit, pairs)
    return replace(session, tip=newest) if session.base else None


def _after(session: Session, commit: FoldedCommit, pairs: Pairs) -> Session:
    """The state after one more commit: its trailers replace what earlier ones said."""
    values: Mapping[str, str] = dict(pairs)
    return replace(
        session,
        base=values.get(trailers.BASE, session.base),
        tip=commit.id,
        state=values.get(trailers.STATE, session.state),
        agent=session.agent or values.get(trailers.AGENT),
        author=session.author or commit.author,
        email=session.email or commit.email,
        task=session.task or (task_of(commit.message) if trailers.START in values else ""),
        code_branch=values.get(trailers.CODE_BRANCH, session.code_branch),
        merged=parse_branch_merge(values.get(trailers.BRANCH_MERGED, "")) or session.merged,
        harness_id=values.get(trailers.HARNESS_ID, session.harness_id),
        started=session.started or commit.at,
        updated=commit.at,
        watermark=values.get(trailers.WATERMARK, session.watermark),
        code=values.get(trailers.CODE, session.code),
        standing=session.standing or values.get(trailers.STANDING, ""),
        rejections=_rejections(session, commit, pairs),
        rejected_claims=_rejected_claims(session, commit, pairs),
        **_ending(session, pairs),
    )


def _rejections(session: Session, commit: FoldedCommit, pairs: Pairs) -> tuple[RejectedContent, ...]:
    """The decisions without those that a commit takes back, then the commit's own."""
    undone = _taken_back(pairs)
    kept = (rejection for rejection in session.rejections if (rejection.id, rejection.content) not in undone)
    return *kept, *(RejectedContent(*decision, commit.at) for decision in _decisions(pairs, trailers.REJECT))


def _rejected_claims(session: Session, commit: FoldedCommit, pairs: Pairs) -> tuple[RejectedClaim, ...]:
    """As `_rejections`, of claims."""
    undone = _taken_back(pairs)
    kept = (claim for claim in session.rejected_claims if (claim.id, claim.claim) not in undone)
    own = _decisions(pairs, trailers.REJECT_CLAIM)
    return *kept, *(RejectedClaim(*decision, session.name, commit.at) for decision in own)


def _taken_back(pairs: Pairs) -> set[tuple[str, str]]:
    """(memory id, hash) of the decisions that a commit takes back."""
    return {(memory_id, content) for memory_id, content, _ in _decisions(pairs, trailers.UNREJECT)}


def _decisions(pairs: Pairs, trailer: str) -> list[tuple[str, str, str]]:
    """(memory id, hash, reason) in the trailers of one key."""
    decisions = ((value + "  ").split(" ", 2) for key, value in pairs if key == trailer)
    return [(memory_id, content, reason.strip()) for memory_id, content, reason in decisions]


class _Ending(TypedDict):
    ended: str | None
    steps: tuple[str, ...]


def _ending(session: Session, pairs: Pairs) -> _Ending:
    """A new end begins with no steps done; reopening a session takes its end and the steps back."""
    ended, steps = session.ended, session.steps
    for key, value in pairs:
        if key == trailers.ENDED or (key == trailers.STATE and value == OPEN):
            ended, steps = (value if key == trailers.ENDED else None), ()
    return {"ended": ended, "steps": steps + tuple(value for key, value in pairs if key == trailers.STEP)}
