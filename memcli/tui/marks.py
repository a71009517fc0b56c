"""What a person has decided so far, by row: values that a screen shows, a draft keeps and one operation carries out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from memcli.operations.review.decisions import CandidateRef
from memcli.tui.inbox_row import InboxRow

ACCEPT, REJECT = "accept", "reject"
NOT_WANTED = "not wanted"


@dataclass(frozen=True)
class Mark:
    """A decision; `reason`: why it is rejected, `keep_both`: both sides of its conflict stay, `seen`: the text that was
    on the screen."""

    verdict: str
    reason: str = ""
    keep_both: bool = False
    seen: str = ""


@dataclass
class Marks:
    """The decisions by row, and the last one, which can be repeated."""

    by_key: dict[CandidateRef, Mark] = field(default_factory=dict)
    last: Mark | None = None

    def of(self, row: InboxRow) -> Mark | None:
        """The decision about a row."""
        return self.by_key.get(row.key)

    def accept(self, rows: Iterable[InboxRow], keep_both: bool = False) -> int:
        """Mark those that can be promoted; how many were."""
        able = [row for row in rows if row.waiting and row.is_judged and (not row.is_blocked or keep_both)]
        for row in able:
            self.last = self.by_key[row.key] = Mark(ACCEPT, keep_both=keep_both, seen=row.text)
        return len(able)

    def reject(self, rows: Iterable[InboxRow], reason: str) -> int:
        """Mark those that are candidates; how many were."""
        able = [row for row in rows if row.waiting]
        for row in able:
            self.last = self.by_key[row.key] = Mark(REJECT, reason, seen=row.text)
        return len(able)

    def clear(self, row: InboxRow) -> None:
        """Take a decision back."""
        self.by_key.pop(row.key, None)

    def undecided(self, rows: Iterable[InboxRow]) -> list[InboxRow]:
        """The rows without a decision."""
        return [row for row in rows if row.key not in self.by_key]

    def marked(self, rows: Iterable[InboxRow], verdict: str) -> list[InboxRow]:
        """The rows with a verdict."""
        return [row for row in rows if (mark := self.of(row)) and mark.verdict == verdict]

    def keep_only(self, rows: Iterable[InboxRow]) -> list[CandidateRef]:
        """Drop the decisions about rows that are gone or say something else than was seen; those that were dropped."""
        texts = {row.key: row.text for row in rows}
        gone = [key for key, mark in self.by_key.items() if texts.get(key) != mark.seen]
        for key in gone:
            del self.by_key[key]
        return gone


def suggested_reason(row: InboxRow) -> str:
    """Why a candidate may be rejected: its most severe finding; empty without any."""
    severity = row.severity
    return next((finding.message for finding in row.findings if finding.severity == severity), "")
