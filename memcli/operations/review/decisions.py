"""What is decided about candidates of any number of sessions, and what became of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from memcli.core.finding import BLOCK, WARN, Finding
from memcli.core.review.candidates import Candidate
from memcli.operations.review.gate import Review


@dataclass(frozen=True)
class CandidateRef:
    """A candidate: the session that proposes it, and the id of its memory, or a unique prefix or suffix of it (`policy`
    for the policy)."""

    session: str
    id: str


@dataclass(frozen=True)
class Decisions:
    """What to promote, and the reason for each candidate to reject. Whatever is in neither stays in its session.

    `whole`: sessions of which all that is not rejected is promoted, whatever they propose by then. `edits`: the new
    text of a candidate, changed by the person who decides, before it is promoted; of a memory of the store as well.
    `keep_both`: both sides of a conflict stand. `skip_blocked`: candidates that a finding blocks, and those that depend
    on them, stay in their sessions; `clean`: so do those with warnings.
    """

    promote: tuple[CandidateRef, ...] = ()
    whole: tuple[str, ...] = ()
    reject: Mapping[CandidateRef, str] = field(default_factory=dict)
    edits: Mapping[CandidateRef, str] = field(default_factory=dict)
    keep_both: bool = False
    skip_blocked: bool = False
    clean: bool = False

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions that are decided on, in the order in which they are promoted."""
        named = (*self.whole, *(ref.session for ref in (*self.promote, *self.reject, *self.edits)))
        return tuple(dict.fromkeys(named))

    @property
    def promoted_sessions(self) -> tuple[str, ...]:
        """Those of which something is to be promoted."""
        return tuple(dict.fromkeys((*self.whole, *(ref.session for ref in self.promote))))

    def promoted_in(self, session: str) -> tuple[str, ...]:
        """The ids to promote of a session; empty for all of it."""
        return () if session in self.whole else tuple(ref.id for ref in self.promote if ref.session == session)

    @property
    def skipped_severities(self) -> frozenset[str]:
        """Candidates with a finding as severe as one of these stay in their sessions."""
        return frozenset((BLOCK, WARN)) if self.clean else frozenset((BLOCK,)) if self.skip_blocked else frozenset()


@dataclass(frozen=True)
class Consent:
    """`is_given`: a person approves; `expect`: the result (a tree id, or its beginning) that was shown, None for
    whatever lands; `reviewed_by`: the reviewer who has approved what is expected."""

    is_given: bool = False
    expect: str | None = None
    reviewed_by: str = ""


NO_CONSENT = Consent()
"""Nobody has been asked."""


@dataclass(frozen=True)
class Promoted:
    """What was promoted by `reviewer`, who answers for it, or would be.

    `commit` is None where there was nothing to promote, or nothing was to be moved.
    """

    review: Review
    reviewer: str
    commit: str | None = None
    parents: tuple[str, ...] = ()
    ended: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def session(self) -> str:
        """The session's name."""
        return self.review.session.name

    @property
    def promoted(self) -> tuple[Candidate, ...]:
        """The candidates as they landed, or would."""
        return self.review.candidates

    @property
    def left(self) -> tuple[Candidate, ...]:
        """The candidates that stay in the session."""
        return self.review.left


@dataclass(frozen=True)
class Rejected:
    """The decisions; `ended`: nothing else is left, so the session has ended; `findings`: about files that are in no
    commit, with which it stays open."""

    session: str
    rejected: tuple[Candidate, ...]
    reason: str
    ended: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Decided:
    """What was decided, session by session. `op`: the operation, None where nothing was changed; `result`: the id of
    the tree that landed, or would; `skipped`: what stays in its session since it is blocked or not clean."""

    op: str | None
    result: str
    promoted: tuple[Promoted, ...]
    rejected: tuple[Rejected, ...]
    skipped: tuple[CandidateRef, ...] = ()
