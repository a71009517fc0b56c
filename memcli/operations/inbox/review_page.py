"""`mem review`: what waits, as one value for the page at the terminal, in HTML and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from memcli.core.review.candidate_selection import CandidateSelection
from memcli.core.review.candidates import Candidate
from memcli.core.review.verdict import BLOCKED
from memcli.operations.dream.dream import describe_if_dream
from memcli.operations.dream.start_resume import DreamResult
from memcli.operations.inbox.inbox import remember_findings
from memcli.operations.review.gate import Gate, Review, open_gate
from memcli.operations.review.waiting import Waiting, waiting_candidates, waiting_in
from memcli.operations.views.reader import Reader
from memcli.operations.views.visibility import VisibilityFilter
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
        return bool(self.waiting.blocked)


def session_page(workspace: Workspace, review: Review) -> ReviewPage:
    """The page of one session, by its review."""
    remember_findings(workspace.index, workspace.layout, [review])
    visibility = Reader(workspace).visibility
    shown = _shown_review(review, visibility) if visibility.is_limited else review
    return ReviewPage(waiting_in(shown), shown, review.result, describe_if_dream(workspace, review.session.name))


def waiting_page(workspace: Workspace, selection: CandidateSelection) -> ReviewPage:
    """The page of all that a selection means. Raises NotFound, Usage."""
    waiting = waiting_candidates(workspace, selection)
    remember_findings(workspace.index, workspace.layout, waiting.reviews)
    result = _result(open_gate(with_waiting_entries(workspace)), waiting)
    return ReviewPage(_shown_waiting(waiting, Reader(workspace).visibility), None, result)


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


def _shown_waiting(waiting: Waiting, visibility: VisibilityFilter) -> Waiting:
    """What the caller is shown of what waits: an agent nothing about excluded code paths."""
    if not visibility.is_limited:
        return waiting
    reviews = tuple(_shown_review(review, visibility) for review in waiting.reviews)
    return Waiting(reviews, tuple(waits for waits in waiting.candidates if visibility.visible([waits.candidate])))


def _shown_review(review: Review, visibility: VisibilityFilter) -> Review:
    """A review without the candidates that the caller is not shown, and without the findings that name them."""

    def shown(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
        return tuple(visibility.visible(candidates))

    merge = review.merge
    visible = replace(merge, merged=shown(merge.merged), candidates=shown(merge.candidates), others=shown(merge.others))
    hidden = {candidate.id for candidate in merge.candidates} - {candidate.id for candidate in visible.candidates}
    findings = tuple(finding for finding in review.findings if hidden.isdisjoint({finding.id, *finding.with_ids}))
    return replace(
        review,
        merge=visible,
        findings=findings,
        chosen=shown(review.chosen),
        left=shown(review.left),
        rejected=shown(review.rejected),
    )
