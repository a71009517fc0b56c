"""What a person decides about candidates of any number of sessions, carried out as one operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from memcli.errors import Usage
from memcli.operations.review.promote import Promoted, PromoteRequest, promote
from memcli.operations.review.reject import Rejected, reject
from memcli.workspace import Workspace


@dataclass(frozen=True)
class CandidateRef:
    """A candidate: the session that proposes it, and the id of its memory (`policy` for the policy)."""

    session: str
    id: str


@dataclass(frozen=True)
class Decisions:
    """What to promote, and the reason for each candidate to reject. Whatever is in neither stays in its session.

    `edits`: the new text of a candidate, changed by the person who decides, before it is promoted; `keep_both`: both
    sides of a conflict stand; `skip_blocked`: candidates that a finding blocks, and those that depend on them, stay in
    their sessions; `clean`: so do those with warnings.
    """

    promote: tuple[CandidateRef, ...] = ()
    reject: Mapping[CandidateRef, str] = field(default_factory=dict)
    edits: Mapping[CandidateRef, str] = field(default_factory=dict)
    keep_both: bool = False
    skip_blocked: bool = False
    clean: bool = False


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
class Decided:
    """What was decided, session by session. `op`: the operation, None where nothing was changed; `result`: the id of
    the tree that landed, or would; `skipped`: what stays in its session since it is blocked or not clean."""

    op: str | None
    result: str
    promoted: tuple[Promoted, ...]
    rejected: tuple[Rejected, ...]
    skipped: tuple[CandidateRef, ...] = ()


def decide(workspace: Workspace, decisions: Decisions, consent: Consent = NO_CONSENT, dry_run: bool = False) -> Decided:
    """Promote and reject candidates, all of it or nothing; with `dry_run` only say what would become of it.

    Raises Refused (the gate, or nobody who may has approved), Conflict (something else would land than was shown),
    NotFound, Usage, Busy.
    """
    if decisions.edits:
        raise Usage("candidates cannot be edited here yet", "use 'mem edit ID --session NAME'")
    promoted, rejected = list[Promoted](), list[Rejected]()
    for ref, reason in decisions.reject.items():
        if not dry_run:
            rejected.append(reject(workspace, ref.session, [ref.id], reason))
    for session in dict.fromkeys(ref.session for ref in decisions.promote):
        ids = tuple(ref.id for ref in decisions.promote if ref.session == session)
        request = PromoteRequest(
            session, ids, None, consent.is_given, consent.reviewed_by, decisions.keep_both, dry_run
        )
        promoted.append(promote(workspace, request))
    result = promoted[-1].review.result if promoted else ""
    return Decided(None, result, tuple(promoted), tuple(rejected))
