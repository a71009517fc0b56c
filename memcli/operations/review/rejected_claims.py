"""What rejections say: against which contents, and against which claims, so that the same is not proposed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import RETIRED, Candidate, content_of
from memcli.core.review.claim import claim_hash, is_new_claim, retirement_hash
from memcli.core.review.secrets import find_secrets
from memcli.errors import Usage
from memcli.index.database.view import View
from memcli.operations.review.other_sessions import AllSessions


def rejected_content(candidate: Candidate) -> str:
    """What `Mem-Reject` says of a candidate before the reason. Raises Usage for a file that is no memory."""
    content = content_of(candidate)
    if content is None:
        problem = f"{candidate.path} cannot be read, so its content cannot be rejected"
        raise Usage(problem, "correct it, or undo the write")
    return f"{candidate.id} {content}"


@dataclass(frozen=True)
class ClaimsLeft:
    """What is claimed once candidates (`rejected`: by session) are gone: where another memory makes the claim of one of
    them, the decision is about the copy and not about the claim."""

    view: View
    every: AllSessions
    rejected: Mapping[str, Sequence[Candidate]]

    def rejected_in(self, session: str) -> list[tuple[str, str]]:
        """(id, claim) of the rejected candidates of a session whose claim nobody makes any more, and of the
        retirements; not of a key that holds a secret."""
        chosen = self.rejected[session]
        claims = [(candidate.id, claim_hash(after)) for candidate, after in _active(chosen)
                  if is_new_claim(candidate.before, after) and not find_secrets(after.key or "")]  # fmt: skip
        gone = [(id, claim) for id, claim in claims if claim not in self._proposed and not self._is_stored(claim)]
        retired = [candidate for candidate in chosen if candidate.change == RETIRED]
        return gone + [(each.id, retirement_hash(each.before)) for each in retired if each.before]

    @cached_property
    def _proposed(self) -> set[str]:
        """The claims of the candidates that are left in open sessions."""
        gone = {(session, candidate.id) for session, chosen in self.rejected.items() for candidate in chosen}
        return {claim_hash(memory) for session, memory in self.every.active if (session, memory.id) not in gone}

    def _is_stored(self, claim: str) -> bool:
        return any(record.status == "active" for record in self.view.by_claim(claim))


def _active(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Memory]]:
    return (
        (candidate, candidate.after)
        for candidate in candidates
        if candidate.after and candidate.after.status == "active"
    )
