"""`mem reject` of one session: decide against candidates, and against what they claim."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.errors import NotFound
from memcli.operations.review.choose import choose_candidates
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import CandidateRef, Decisions, Rejected
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace


def reject(workspace: Workspace, name: str, ids: Sequence[str], reason: str) -> Rejected:
    """Record the decision against the named candidates (none named: all).

    Raises NotFound, Usage, Busy, Refused for a reason that holds a secret.
    """
    drain_before_reading(workspace)
    session = workspace.sessions.load(name)
    candidates = workspace.sessions.candidates(session)
    if not candidates:
        raise NotFound(f"the session {name} proposes nothing", "'mem' lists what waits")
    refs = [CandidateRef(name, candidate.id) for candidate in choose_candidates(candidates, ids)]
    return decide(workspace, Decisions(reject=dict.fromkeys(refs, reason))).rejected[0]
