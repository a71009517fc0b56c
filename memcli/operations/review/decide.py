"""What a person decides about candidates of any number of sessions, carried out as one operation."""

from __future__ import annotations

from memcli.errors import Usage
from memcli.operations.review.decisions import NO_CONSENT, Consent, Decided, Decisions, Promoted, Rejected
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.workspace import Workspace


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
