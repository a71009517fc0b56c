"""Which proposals are decided or wait already, whoever made them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import content_hash
from memcli.core.review.claim import claim_hash
from memcli.index.database.view import View
from memcli.selection import Selection
from memcli.sessions import Sessions


@dataclass(frozen=True)
class DecidedProposals:
    """`claims`: those that wait in open sessions, or were rejected in any; `rejected`: (id, content) of rejected
    candidates; `waiting`: the memories that other open sessions change."""

    claims: Collection[str]
    rejected: Collection[tuple[str, str]]
    waiting: Collection[str]

    def has_change(self, before: Memory, after: Memory) -> bool:
        """Whether a change of a memory waits elsewhere, or was rejected."""
        claims_news = claim_hash(before) != claim_hash(after)
        is_rejected = (after.id, content_hash(after)) in self.rejected
        return before.id in self.waiting or is_rejected or (claims_news and claim_hash(after) in self.claims)


def decided_proposals(sessions: Sessions, selection: Selection, session: str) -> DecidedProposals:
    """What is decided or waits, for a caller who writes into `session`."""
    claims, rejected, waiting = set[str](), set[tuple[str, str]](), set[str]()
    for each in sessions.all(ended=True):
        claims.update(rejection.claim for rejection in each.rejected_claims)
        rejected.update((rejection.id, rejection.content) for rejection in each.rejections)
        if selection.is_open(each.name):
            changes = sessions.changes(each)
            claims.update(claim_hash(candidate.after) for candidate in changes if candidate.after)
            waiting.update(candidate.id for candidate in changes if each.name != session)
    return DecidedProposals(claims, rejected, waiting)


@dataclass(frozen=True)
class KnownClaims:
    """What needs no proposal: `decided`, and what the store holds."""

    view: View
    decided: DecidedProposals

    def has(self, memory: Memory) -> bool:
        """Whether a memory, or another that says the same, needs no proposal."""
        claim = claim_hash(memory)
        repeated = (record.status == "active" for record in self.view.by_claim(claim))
        return claim in self.decided.claims or self.view.get(memory.id) is not None or any(repeated)
