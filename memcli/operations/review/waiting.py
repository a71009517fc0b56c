"""All that awaits review, as one value, from which the inbox, the page and decisions start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from memcli.core.finding import INFO
from memcli.core.review.candidate_selection import ALL, CandidateSelection, select_candidates
from memcli.core.review.candidates import ADDED, Candidate
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.core.session.state import Session
from memcli.operations.review.gate import Review, open_gate
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Waiting:
    """`reviews`: one for each session that awaits review, the most recently updated first, each by itself;
    `candidates`: those that were selected."""

    reviews: tuple[Review, ...]
    candidates: tuple[WaitingCandidate, ...]

    @property
    def clean(self) -> tuple[WaitingCandidate, ...]:
        """The candidates that no finding asks a person to look at."""
        return tuple(candidate for candidate in self.candidates if candidate.is_clean)

    @property
    def blocked(self) -> tuple[WaitingCandidate, ...]:
        """The candidates that a finding blocks."""
        return tuple(candidate for candidate in self.candidates if candidate.is_blocked)

    @property
    def warned(self) -> int:
        """How many candidates have warnings only."""
        return len(self.candidates) - len(self.clean) - len(self.blocked)


def waiting_candidates(workspace: Workspace, selection: CandidateSelection = ALL) -> Waiting:
    """The candidates that a selection means, with the reviews of their sessions, worktrees saved first; sessions with
    nothing but files that could not be saved are among the reviews, too.

    Raises NotFound for a name or a filter that nothing has, Usage.
    """
    selected = selected_candidates(workspace, selection)
    ahead = with_waiting_entries(workspace)
    names = {candidate.session for candidate in selected}
    if selection == ALL:
        others = (session.name for session in ahead.sessions.all() if session.name not in names)
        unsaved = {name: unsaved_files(workspace, name).findings for name in others}
        names |= {name for name, findings in unsaved.items() if any(finding.severity != INFO for finding in findings)}
    reviews = open_gate(ahead).review_each(session for session in ahead.sessions.all() if session.name in names)
    judged = [_with_findings(candidate, reviews) for candidate in selected]
    return Waiting(tuple(reviews), tuple(candidate for candidate in judged if selection.allows(candidate)))


def waiting_in(review: Review) -> Waiting:
    """What awaits review in one session, by its review."""
    waiting = (_waiting(review.session, candidate) for candidate in review.candidates)
    return Waiting((review,), tuple(_with_findings(candidate, [review]) for candidate in waiting))


def selected_candidates(workspace: Workspace, selection: CandidateSelection = ALL) -> tuple[WaitingCandidate, ...]:
    """As `waiting_candidates`, without a review: nothing is known of findings yet."""
    drain_before_reading(workspace)
    for session in with_waiting_entries(workspace).sessions.all():
        save_if_present(workspace, session.name)
    ahead = with_waiting_entries(workspace)
    waiting = [
        _waiting(session, candidate)
        for session in ahead.sessions.all()
        for candidate in ahead.sessions.candidates(session)
    ]
    return select_candidates(waiting, selection, workspace.selection.name)


def _waiting(session: Session, candidate: Candidate) -> WaitingCandidate:
    after = candidate.after
    proposer = after.source.agent if after and candidate.change == ADDED else None
    person = f"{session.author} <{session.email}>"
    updated = after.modified if after else session.updated
    return WaitingCandidate(candidate, session.name, proposer or session.agent, person, updated)


def _with_findings(candidate: WaitingCandidate, reviews: Iterable[Review]) -> WaitingCandidate:
    """The candidate with the findings about it, and as it would land."""
    review = next(review for review in reviews if review.session.name == candidate.session)
    landing = {candidate.id: candidate for candidate in review.candidates}
    findings = tuple(finding for finding in review.findings if finding.id == candidate.id)
    return replace(candidate, candidate=landing.get(candidate.id, candidate.candidate), findings=findings)
