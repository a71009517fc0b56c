"""`mem review`: what waits, as one value for the page at the terminal, in HTML and as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.review.candidate_selection import CandidateSelection
from memcli.core.review.verdict import BLOCKED
from memcli.operations.dream.dream import describe_if_dream
from memcli.operations.dream.start_resume import DreamResult
from memcli.operations.inbox.inbox import remember_findings
from memcli.operations.review.gate import Gate, Review, open_gate
from memcli.operations.review.waiting import Waiting, waiting_candidates, waiting_in
from memcli.operations.writing.merge_result import merge_into_store
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ReviewPage:
    """What waits, and the id of the tree that would land where all of it is promoted; `session`: the review of the one
    session that was asked for, None where several may be shown; `dream`: what that says where it is a dream."""

    waiting: Waiting
    session: Review | None
    result: str | None
    dream: DreamResult | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether a finding hinders the promotion of what is shown."""
        if self.session:
            return self.session.verdict == BLOCKED
        return any(candidate.is_blocked for candidate in self.waiting.candidates)


def session_page(workspace: Workspace, review: Review) -> ReviewPage:
    """The page of one session, by its review."""
    remember_findings(workspace.index, workspace.layout, [review])
    return ReviewPage(waiting_in(review), review, review.result, describe_if_dream(workspace, review.session.name))


def waiting_page(workspace: Workspace, selection: CandidateSelection) -> ReviewPage:
    """The page of all that a selection means. Raises NotFound, Usage."""
    waiting = waiting_candidates(workspace, selection)
    remember_findings(workspace.index, workspace.layout, waiting.reviews)
    return ReviewPage(waiting, None, _result(open_gate(with_waiting_entries(workspace)), waiting))


def _result(gate: Gate, waiting: Waiting) -> str | None:
    """The tree that would land with the candidates of all sessions, merged in their order."""
    if not waiting.candidates:
        return None
    shown = {(candidate.session, candidate.id) for candidate in waiting.candidates}
    proposed = [
        [candidate for candidate in review.chosen if (review.session.name, candidate.id) in shown]
        for review in waiting.reviews
    ]
    main = waiting.reviews[0].merge.main
    return merge_into_store(gate.scratch, gate.reader, main, proposed)[0].tree
