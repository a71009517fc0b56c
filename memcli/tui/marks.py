"""What a person has decided so far, by row; every change is kept until it is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from memcli.cli.settled_sides import settled
from memcli.operations.review.candidate_context import CandidateContext
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.pending_decisions import ACCEPT, REJECT, PendingDecision, PendingDecisions, seen_content
from memcli.tui.inbox_row import InboxRow

NOT_WANTED = "not wanted"


@dataclass
class Marks:
    """The decisions by row, and the last one, which can be repeated; `kept`: those that an interruption leaves."""

    by_key: dict[CandidateRef, PendingDecision] = field(default_factory=dict)
    last: PendingDecision | None = None
    kept: dict[CandidateRef, PendingDecision] = field(default_factory=dict)

    def of(self, row: InboxRow) -> PendingDecision | None:
        """The decision about a row."""
        return self.by_key.get(row.key)

    def accept(self, rows: Iterable[InboxRow]) -> int:
        """Mark those that can be promoted; how many were."""
        able = [row for row in rows if row.waiting and row.is_judged and not row.is_blocked]
        return self._mark(able, PendingDecision(ACCEPT, ""))

    def reject(self, rows: Iterable[InboxRow], reason: str) -> int:
        """Mark those that are candidates; how many were."""
        return self._mark([row for row in rows if row.waiting and row.is_judged], PendingDecision(REJECT, "", reason))

    def settle(self, row: InboxRow, choice: str, context: CandidateContext, rows: Iterable[InboxRow]) -> int:
        """Keep this one, the other one, or both of those that a finding compares; how many decisions that makes.

        Raises Usage where there is no other one, or one that is to be kept is blocked.
        """
        if row.waiting is None:
            return 0
        decisions = settled(choice, row.waiting, context, [row.waiting for row in rows if row.waiting])
        self.by_key.update({key: decision for key, decision in decisions.items() if decision})
        return len(decisions)

    def _mark(self, rows: Iterable[InboxRow], decision: PendingDecision) -> int:
        marked = {row.key: _about(row, decision) for row in rows}
        self.by_key.update(marked)
        self.last = decision if marked else self.last
        return len(marked)

    def clear(self, row: InboxRow) -> None:
        """Take a decision back."""
        self.by_key.pop(row.key, None)

    def undecided(self, rows: Iterable[InboxRow]) -> list[InboxRow]:
        """The rows without a decision."""
        return [row for row in rows if row.key not in self.by_key]

    def marked(self, rows: Iterable[InboxRow], verdict: str) -> list[InboxRow]:
        """The rows with a verdict."""
        return [row for row in rows if (decision := self.of(row)) and decision.verdict == verdict]

    def keep_only(self, rows: Iterable[InboxRow]) -> list[CandidateRef]:
        """Drop the decisions about rows that are gone or say something else than was seen; those that were dropped."""
        contents = {row.key: seen_content(row.waiting.candidate) for row in rows if row.waiting}
        gone = [key for key, decision in self.by_key.items() if contents.get(key) != decision.content]
        for key in gone:
            del self.by_key[key]
        return gone

    def take_up(self, decisions: Mapping[CandidateRef, PendingDecision]) -> None:
        """Go on with decisions that an interruption has left."""
        self.kept = dict(decisions)
        self.by_key.update(decisions)

    def keep(self, pending: PendingDecisions) -> None:
        """Keep what has changed since the last time. Raises Refused, Failure; what is refused is no decision."""
        new = {key: decision for key, decision in self.by_key.items() if self.kept.get(key) != decision}
        gone = self.kept.keys() - self.by_key.keys()
        try:
            pending.note(new)
            pending.forget(gone)
        except BaseException:
            self.by_key = dict(self.kept)
            raise
        self.kept = dict(self.by_key)


def _about(row: InboxRow, decision: PendingDecision) -> PendingDecision:
    return replace(decision, content=seen_content(row.waiting.candidate) if row.waiting else "")


def suggested_reason(row: InboxRow) -> str:
    """Why a candidate may be rejected: its most severe finding; empty without any."""
    severity = row.severity
    return next((finding.message for finding in row.findings if finding.severity == severity), "")
