"""`mem reject`: decide against candidates, by content, so that the same thing is not proposed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memcli.core.review.candidates import Candidate, content_of
from memcli.core.review.private import without_private
from memcli.core.session import trailers
from memcli.core.session.commit_message import one_line
from memcli.core.session.state import REJECTED
from memcli.errors import NotFound, Usage
from memcli.operations.review.choose import choose_candidates
from memcli.operations.writing.transaction import write_transaction
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Rejected:
    """The decisions; `ended`: nothing else is left, so the session has ended."""

    session: str
    rejected: tuple[Candidate, ...]
    reason: str
    ended: bool


def reject(workspace: Workspace, name: str, ids: Sequence[str], reason: str) -> Rejected:
    """Record the decision against the named candidates (none named: all). Raises NotFound, Usage, Busy."""
    reason, _ = without_private(reason)
    with write_transaction(workspace, name) as tx:
        candidates = workspace.sessions.candidates(workspace.sessions.load(name))
        if not candidates:
            raise NotFound(f"the session {name} proposes nothing", "'mem review --inbox' lists what waits")
        chosen = choose_candidates(candidates, ids)
        decisions = "\n".join(_decision(candidate, reason) for candidate in chosen)
        note = {"summary": f"{len(chosen)} of {len(candidates)} candidates", trailers.REJECT: decisions}
        if len(chosen) == len(candidates):
            note[trailers.STATE] = REJECTED
        tx.record(workspace.actor.entry("reject", name, note=note))
    return Rejected(name, chosen, reason, ended=not workspace.selection.is_open(name))


def _decision(candidate: Candidate, reason: str) -> str:
    """The value of the trailer `Mem-Reject`. Raises Usage for a file that is no memory."""
    content = content_of(candidate)
    if content is None:
        problem = f"{candidate.path} cannot be read, so its content cannot be rejected"
        raise Usage(problem, "correct it, or undo the write")
    return f"{candidate.id} {content} {one_line(reason)}"
