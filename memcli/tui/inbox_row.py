"""One row of the inbox, a waiting candidate or what concerns its whole session, and how rows are grouped and sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from memcli.cli.views.styles import SIGNS
from memcli.core.finding import BLOCK, INFO, WARN, Finding
from memcli.core.memory.memory import Memory
from memcli.core.review.candidate_order import in_order
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.gate import Review
from memcli.operations.review.pending_decisions import ref_of

BADGES = {BLOCK: "blocked", WARN: "warned", INFO: "noted"}
"""What a severity is called on the screen, the most severe first."""
_HEADINGS = {BLOCK: "Blocked", WARN: "Warned: compare before you accept", INFO: "Noted: worth a look"}
BY_TOPIC, BY_SESSION = "topic", "session"


@dataclass(frozen=True)
class InboxRow:
    """`waiting` is None for findings about a session as a whole, such as a file that could not be saved; `is_judged`:
    the gate has told what it finds; `task` is what the session was started for."""

    session: str
    waiting: WaitingCandidate | None
    findings: tuple[Finding, ...] = ()
    is_judged: bool = False
    task: str = ""

    @property
    def key(self) -> CandidateRef:
        """What a mark is about."""
        return CandidateRef(self.session, self.waiting.id if self.waiting else self.title)

    @property
    def memory(self) -> Memory | None:
        """The memory as it would be; as it is where it cannot be read."""
        return (self.waiting.candidate.after or self.waiting.candidate.before) if self.waiting else None

    @property
    def text(self) -> str:
        """The file as it would be; empty for what is no candidate."""
        return self.waiting.candidate.new_text if self.waiting else ""

    @property
    def title(self) -> str:
        return self.waiting.candidate.title if self.waiting else self.findings[0].message

    @property
    def author(self) -> str:
        return self.waiting.author if self.waiting else self.session

    @property
    def topic(self) -> str:
        return self.waiting.topic if self.waiting else ""

    @property
    def group(self) -> str:
        """Its topic or source."""
        return self.waiting.group if self.waiting else ""

    @property
    def sign(self) -> str:
        return SIGNS.get(self.waiting.candidate.change, "~") if self.waiting else "?"

    @property
    def severity(self) -> str | None:
        """The most severe of its findings; None without any."""
        if self.waiting is None:
            return BLOCK
        severities = {finding.severity for finding in self.findings}
        return next((severity for severity in BADGES if severity in severities), None)

    @property
    def badge(self) -> str:
        """What the gate makes of it, in a word."""
        if not self.is_judged:
            return "…"
        return BADGES.get(self.severity or "", "") if self.waiting else "session"

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all was found about it."""
        return self.is_judged and self.severity is None

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be promoted as it is."""
        return self.severity == BLOCK

    @property
    def is_conflict(self) -> bool:
        """Whether the store has changed what it changes; both sides may stay."""
        return self.waiting is not None and bool(self.waiting.candidate.conflicts)

    def matches(self, words: str) -> bool:
        """Whether it contains all of the words, whatever their case."""
        body = self.memory.body if self.memory else ""
        text = " ".join((self.title, self.author, self.topic, self.session, self.badge, body)).lower()
        return all(word in text for word in words.lower().split())


@dataclass(frozen=True)
class RowGroup:
    """Rows below one heading."""

    heading: str
    rows: tuple[InboxRow, ...]


def unjudged_rows(candidates: Iterable[WaitingCandidate]) -> list[InboxRow]:
    """A row for each candidate, before anything is known of findings."""
    return [InboxRow(candidate.session, candidate) for candidate in candidates]


def judged_rows(candidates: Iterable[WaitingCandidate], reviews: Sequence[Review]) -> list[InboxRow]:
    """A row for each candidate with its findings, and one for each finding about a session as a whole."""
    tasks = {review.session.name: review.session.task for review in reviews}
    rows = [
        InboxRow(candidate.session, candidate, candidate.findings, True, tasks.get(candidate.session, ""))
        for candidate in candidates
    ]
    return [*rows, *(row for review in reviews for row in _session_rows(review))]


def _session_rows(review: Review) -> Iterator[InboxRow]:
    for finding in review.session_findings:
        if finding.severity != INFO:
            yield InboxRow(review.session.name, None, (finding,), True, review.session.task)


def grouped(rows: Sequence[InboxRow], by: str) -> list[RowGroup]:
    """Rows with findings first, the most severe at the top and compared ones beside each other, then those without by
    topic or by session."""
    order = {
        ref_of(candidate): place for place, candidate in enumerate(in_order(row.waiting for row in rows if row.waiting))
    }
    ordered = sorted(rows, key=lambda row: order.get(row.key, -1))
    groups = [RowGroup(heading, tuple(row for row in ordered if row.severity == severity))
              for severity, heading in _HEADINGS.items()]  # fmt: skip

    def heading(row: InboxRow) -> str:
        return row.group if by == BY_TOPIC else row.session

    rest = sorted((row for row in ordered if row.severity is None), key=heading)
    groups += [RowGroup(name, tuple(members)) for name, members in groupby(rest, heading)]
    return [group for group in groups if group.rows]
