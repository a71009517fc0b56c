"""`mem reject` of one session: decide against candidates, and against what they claim."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.session import trailers
from memcli.core.session.names import is_dream
from memcli.core.session.state import REJECTED
from memcli.errors import NotFound
from memcli.operations.review.choose import choose_candidates
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import CandidateRef, Decisions, Rejected
from memcli.operations.writing.transaction import drain_before_reading, write_transaction
from memcli.workspace import Workspace


def reject(workspace: Workspace, name: str, ids: Sequence[str], reason: str) -> Rejected:
    """Record the decision against the named candidates (none named: all).

    Raises NotFound, Usage, Busy, Refused for a reason that holds a secret.
    """
    drain_before_reading(workspace)
    session = workspace.sessions.load(name)
    candidates = workspace.sessions.candidates(session)
    if not candidates and is_dream(name):  # it was interrupted before it could propose anything
        with write_transaction(workspace, name) as tx:
            tx.record(workspace.actor.entry("reject", name, note={"summary": "nothing", trailers.STATE: REJECTED}))
        return Rejected(name, (), reason, ended=True)
    if not candidates:
        raise NotFound(f"the session {name} proposes nothing", "'mem' lists what waits")
    refs = [CandidateRef(name, candidate.id) for candidate in choose_candidates(candidates, ids)]
    return decide(workspace, Decisions(reject=dict.fromkeys(refs, reason))).rejected[0]
