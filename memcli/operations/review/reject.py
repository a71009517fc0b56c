"""`mem reject`: decide against candidates, and against what they claim, so that the same is not proposed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import RETIRED, Candidate, content_of
from memcli.core.review.claim import claim_hash, is_new_claim, retirement_hash
from memcli.core.review.private import without_private
from memcli.core.review.recorded_text import refuse_secret
from memcli.core.review.secrets import find_secrets
from memcli.core.session import trailers
from memcli.core.session.commit_message import one_line
from memcli.core.session.state import REJECTED, Session
from memcli.errors import NotFound, Usage
from memcli.index.database.view import View
from memcli.operations.review.choose import choose_candidates
from memcli.operations.review.decisions import Rejected
from memcli.operations.views.reader import Reader
from memcli.operations.writing.transaction import write_transaction
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.sessions import Sessions
from memcli.workspace import Workspace


def reject(workspace: Workspace, name: str, ids: Sequence[str], reason: str) -> Rejected:
    """Record the decision against the named candidates (none named: all).

    Raises NotFound, Usage, Busy, Refused for a reason that holds a secret.
    """
    reason, _ = without_private(reason)
    refuse_secret(reason, "reason")
    with write_transaction(workspace, name) as tx:
        session = workspace.sessions.load(name)
        candidates = workspace.sessions.candidates(session)
        if not candidates:
            raise NotFound(f"the session {name} proposes nothing", "'mem' lists what waits")
        chosen = choose_candidates(candidates, ids)
        with Reader(workspace).main_view() as view:
            claims = [*_ClaimsLeft(view, workspace.sessions, session, chosen).rejected(), *_retirements(chosen)]
        note = {"summary": f"{len(chosen)} of {len(candidates)} candidates"}
        note[trailers.REJECT] = "\n".join(_decision(candidate, reason) for candidate in chosen)
        note[trailers.REJECT_CLAIM] = "\n".join(f"{id} {claim} {one_line(reason)}" for id, claim in claims)
        unsaved = unsaved_files(workspace, name).findings
        if len(chosen) == len(candidates) and not (unsaved or session.goes_on):
            note[trailers.STATE] = REJECTED
        tx.record(workspace.actor.entry("reject", name, note={key: text for key, text in note.items() if text}))
    return Rejected(name, chosen, reason, ended=not workspace.selection.is_open(name), findings=unsaved)


def _decision(candidate: Candidate, reason: str) -> str:
    """The value of the trailer `Mem-Reject`. Raises Usage for a file that is no memory."""
    content = content_of(candidate)
    if content is None:
        problem = f"{candidate.path} cannot be read, so its content cannot be rejected"
        raise Usage(problem, "correct it, or undo the write")
    return f"{candidate.id} {content} {one_line(reason)}"


@dataclass(frozen=True)
class _ClaimsLeft:
    """What is claimed once candidates are rejected: where another memory makes the claim of one of them, the decision
    is about the copy and not about the claim."""

    view: View
    sessions: Sessions
    session: Session
    chosen: Sequence[Candidate]

    def rejected(self) -> list[tuple[str, str]]:
        """(id, claim) of the candidates whose claim nobody makes any more; not of a key that holds a secret."""
        claims = [(candidate.id, claim_hash(after)) for candidate, after in _active(self.chosen)
                  if is_new_claim(candidate.before, after) and not find_secrets(after.key or "")]  # fmt: skip
        proposed = self._proposed() if claims else set[str]()
        return [(id, claim) for id, claim in claims if claim not in proposed and not self._is_stored(claim)]

    def _proposed(self) -> set[str]:
        """The claims of the candidates that are left in open sessions."""
        rejected, proposed = {candidate.id for candidate in self.chosen}, set[str]()
        for session in self.sessions.all():
            is_own = session.name == self.session.name
            for candidate, after in _active(self.sessions.candidates(session)):
                if not (is_own and candidate.id in rejected):
                    proposed.add(claim_hash(after))
        return proposed

    def _is_stored(self, claim: str) -> bool:
        return any(record.status == "active" for record in self.view.by_claim(claim))


def _retirements(candidates: Sequence[Candidate]) -> list[tuple[str, str]]:
    """(id, hash) of the retirements among candidates."""
    return [(each.id, retirement_hash(each.before)) for each in candidates if each.before and each.change == RETIRED]


def _active(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Memory]]:
    return ((each, each.after) for each in candidates if each.after and each.after.status == "active")
