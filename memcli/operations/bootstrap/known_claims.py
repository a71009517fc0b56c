"""Which memories need no proposal: they are stored, wait for review, or were rejected."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.memory.memory import Memory
from memcli.core.review.claim import claim_hash
from memcli.index.database.view import View
from memcli.selection import Selection
from memcli.sessions import Sessions


@dataclass(frozen=True)
class KnownClaims:
    """`decided`: the claims that wait in open sessions, or were rejected in any."""

    view: View
    decided: frozenset[str]

    def has(self, memory: Memory) -> bool:
        """Whether a memory, or another that says the same, needs no proposal."""
        claim = claim_hash(memory)
        repeated = (record.status == "active" for record in self.view.by_claim(claim))
        return claim in self.decided or self.view.get(memory.id) is not None or any(repeated)


def decided_claims(sessions: Sessions, selection: Selection) -> frozenset[str]:
    """The claims that wait in open sessions, or were rejected in any."""
    claims: set[str] = set()
    for session in sessions.all(ended=True):
        claims.update(rejection.claim for rejection in session.rejected_claims)
        if selection.is_open(session.name):
            changes = sessions.changes(session)
            claims.update(claim_hash(candidate.after) for candidate in changes if candidate.after)
    return frozenset(claims)
