"""The way of a person through candidates: which one is asked about, what is decided so far, and what can be taken back.

Values only: `mem review -p` asks and shows, `pending_decisions` keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from memcli.core.memory.identity import only_match
from memcli.core.review.candidate_order import in_order
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.errors import MemError, NotFound
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.pending_decisions import ACCEPT, REJECT, PendingDecision, ref_of, seen_content

Change = Mapping[CandidateRef, PendingDecision | None]
"""Decisions that are made, and those (None) that are taken back."""


class ReviewWalk:
    """The candidates in the order in which they are asked about, and the decisions so far."""

    def __init__(self, candidates: Iterable[WaitingCandidate], decided: Mapping[CandidateRef, PendingDecision]) -> None:
        self.candidates: Sequence[WaitingCandidate] = in_order(candidates)
        self.decided = dict(decided)
        self.place = 0
        self._made: list[tuple[int, dict[CandidateRef, PendingDecision | None]]] = []
        self.go_on(-1)

    @property
    def current(self) -> WaitingCandidate:
        """The candidate that is asked about."""
        return self.candidates[self.place]

    @property
    def is_done(self) -> bool:
        """Whether all is decided."""
        return not self.undecided()

    def of(self, waiting: WaitingCandidate) -> PendingDecision | None:
        """The decision about a candidate."""
        return self.decided.get(ref_of(waiting))

    def undecided(self) -> list[WaitingCandidate]:
        """The candidates without a decision."""
        return [candidate for candidate in self.candidates if ref_of(candidate) not in self.decided]

    def with_verdict(self, verdict: str) -> list[WaitingCandidate]:
        """The candidates that are accepted, or rejected."""
        return [candidate for candidate in self.candidates if (made := self.of(candidate)) and made.verdict == verdict]

    def follow(self, before: ReviewWalk) -> None:
        """Go to where another walk was, as far as that is here, and take over what it can take back."""
        refs = [ref_of(candidate) for candidate in self.candidates]
        self._made = before._made
        if before.candidates and ref_of(before.current) in refs:
            self.place = refs.index(ref_of(before.current))

    # where to

    def go_on(self, start: int | None = None) -> bool:
        """Go to the next candidate without a decision, after the current one (or `start`), then from the top; whether
        there is one."""
        first = (self.place if start is None else start) + 1
        places = [*range(first, len(self.candidates)), *range(first)]
        free = [place for place in places if self.of(self.candidates[place]) is None]
        if free:
            self.place = free[0]
        return bool(free)

    def go_back(self) -> None:
        """Go to the candidate before."""
        self.place = max(0, self.place - 1)

    def go_to(self, text: str) -> None:
        """Go to a candidate by its number, or its id. Raises NotFound, Usage."""
        if text.isdecimal() and len(text) < 4:
            if not 1 <= int(text) <= len(self.candidates):
                raise NotFound(f"there is no candidate {text}", f"the numbers are 1 to {len(self.candidates)}")
            self.place = int(text) - 1
            return
        ids = [candidate.id for candidate in self.candidates]
        self.place = ids.index(only_match(text, list(dict.fromkeys(ids)), "candidate", "l lists them"))

    # decisions

    def made(self, changes: Change) -> Change:
        """Note decisions, as one step that `taken_back` takes back; the same changes."""
        self._made.append((self.place, {ref: self.decided.get(ref) for ref in changes}))
        self._apply(changes)
        return changes

    def taken_back(self) -> Change:
        """Take the last step back, and go to where it was made; what is decided since, as changes. Raises MemError."""
        if not self._made:
            raise MemError(
                "nothing to take back: nothing was decided yet", "'mem undo' takes back what was carried out"
            )
        self.place, before = self._made.pop()
        self._apply(before)
        return before

    def _apply(self, changes: Change) -> None:
        for ref, decision in changes.items():
            self.decided.pop(ref, None)
            if decision:
                self.decided[ref] = decision

    # what is decided at once

    def rest_of_topic(self) -> list[WaitingCandidate]:
        """The candidates of the current one's topic that are not decided."""
        return [candidate for candidate in self.undecided() if candidate.topic == self.current.topic]

    def rest_of_session(self) -> list[WaitingCandidate]:
        """The candidates of the current one's session that are not decided."""
        return [candidate for candidate in self.undecided() if candidate.session == self.current.session]

    def clean_rest(self) -> list[WaitingCandidate]:
        """The candidates without findings to look at that are not decided."""
        return [candidate for candidate in self.undecided() if candidate.is_clean]


def acceptance(
    waiting: WaitingCandidate, keep_both: bool = False, over: tuple[str, ...] = (), beside: tuple[str, ...] = ()
) -> PendingDecision:
    """The decision to accept a candidate as it was shown."""
    return PendingDecision(ACCEPT, seen_content(waiting.candidate), "", keep_both, over, beside)


def rejection(waiting: WaitingCandidate, reason: str) -> PendingDecision:
    """The decision to reject a candidate as it was shown."""
    return PendingDecision(REJECT, seen_content(waiting.candidate), reason)
