"""Decisions that a person has made and not carried out yet: they outlive the screen or the prompt that asked for them.

A decision is about one text. Where a candidate says something else than was seen, or is gone, its decision is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from memcli.core.memory.instants import format_instant, parse_instant
from memcli.core.review.candidates import Candidate, text_hash
from memcli.core.review.private import without_private
from memcli.core.review.recorded_text import refuse_secret
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.errors import Failure
from memcli.operations.review.decisions import CandidateRef
from memcli.state.decision_log import DecisionLog, Line
from memcli.workspace import Workspace

ACCEPT, REJECT = "accept", "reject"


@dataclass(frozen=True)
class PendingDecision:
    """`verdict`: `ACCEPT` or `REJECT`; `content`: what was seen (`seen_content`); `reason`: why it is rejected;
    `keep_both`: both sides of its conflict stay; `over`: the memories of the store that go out of use for it, `beside`:
    the other memories that stay in spite of what a finding says; `at`: when it was made."""

    verdict: str
    content: str
    reason: str = ""
    keep_both: bool = False
    over: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True)
class KeptDecisions:
    """The decisions that still hold, what was dropped since its candidate is gone or has changed, and when the last of
    all of them was made."""

    by_ref: Mapping[CandidateRef, PendingDecision]
    dropped: tuple[CandidateRef, ...]
    last: datetime | None


def seen_content(candidate: Candidate) -> str:
    """What a person who is shown a candidate sees: the text in the store, and the one that would take its place."""
    return text_hash(f"{candidate.path}\0{candidate.old_text}\0{candidate.new_text}")


def ref_of(waiting: WaitingCandidate) -> CandidateRef:
    """The name of a candidate in decisions."""
    return CandidateRef(waiting.session, waiting.id)


class PendingDecisions:
    """The decisions of one person in one repository."""

    def __init__(self, log: DecisionLog, by: str, now: datetime) -> None:
        self._log, self._by, self._now = log, by, now

    def note(self, decisions: Mapping[CandidateRef, PendingDecision]) -> None:
        """Keep decisions, in the place of earlier ones about the same candidates.

        Raises Refused for a reason that holds a secret, Failure where nothing can be kept.
        """
        for decision in decisions.values():
            refuse_secret(decision.reason, "reason")
        self._append([self._line(ref, decision) for ref, decision in decisions.items()])

    def forget(self, refs: Iterable[CandidateRef]) -> None:
        """Keep no decision about these candidates: it was carried out or taken back. Raises Failure."""
        lines = [self._line(ref, None) for ref in refs]
        if lines and self._log.lines():
            self._append(lines)

    def kept(self, waiting: Sequence[WaitingCandidate], is_all: bool = True) -> KeptDecisions:
        """The decisions about these candidates, as they were shown; where these are all that wait, the others are
        dropped."""
        contents = {ref_of(candidate): seen_content(candidate.candidate) for candidate in waiting}
        own = {ref: decision for (by, ref), decision in _standing(self._log.lines()).items() if by == self._by}
        decisions = {ref: decision for ref, decision in own.items() if is_all or ref in contents}
        standing = {ref: decision for ref, decision in decisions.items() if contents.get(ref) == decision.content}
        last = max((decision.at for decision in decisions.values() if decision.at), default=None)
        return KeptDecisions(standing, tuple(ref for ref in decisions if ref not in standing), last)

    def _line(self, ref: CandidateRef, decision: PendingDecision | None) -> Line:
        line = {"at": format_instant(self._now), "by": self._by, "session": ref.session, "id": ref.id}
        if decision is None:
            return line
        return {**line, "verdict": decision.verdict, "content": decision.content,
                "reason": without_private(decision.reason)[0], "keep_both": decision.keep_both,
                "over": list(decision.over), "beside": list(decision.beside)}  # fmt: skip

    def _append(self, lines: Sequence[Line]) -> None:
        try:
            self._log.append(lines, lambda known: not _standing(known))
        except OSError as error:
            problem = f"decisions cannot be kept: {error.strerror or error} ({self._log.file})"
            raise Failure(problem, "make room or make the place writable; decide without a break until then") from error


def pending_decisions(workspace: Workspace) -> PendingDecisions:
    """The decisions of the person who calls."""
    person = workspace.person
    log = DecisionLog(workspace.layout.mem_dir)
    return PendingDecisions(log, f"{person.name} <{person.email}>", workspace.now)


def _standing(lines: Iterable[Line]) -> dict[tuple[str, CandidateRef], PendingDecision]:
    """{(person, candidate): the last decision} of all that was not taken back."""
    decisions: dict[tuple[str, CandidateRef], PendingDecision] = {}
    for line in lines:
        name = str(line.get("by")), CandidateRef(str(line.get("session")), str(line.get("id")))
        decisions.pop(name, None)
        if decision := _decision(line):
            decisions[name] = decision
    return decisions


def _decision(line: Line) -> PendingDecision | None:
    verdict, content = line.get("verdict"), line.get("content")
    if verdict not in (ACCEPT, REJECT) or not isinstance(content, str):
        return None
    try:
        at = parse_instant(str(line.get("at")))
    except ValueError:
        at = None
    reason, keep_both = str(line.get("reason") or ""), line.get("keep_both") is True
    return PendingDecision(str(verdict), content, reason, keep_both, _ids(line, "over"), _ids(line, "beside"), at)


def _ids(line: Line, key: str) -> tuple[str, ...]:
    listed = line.get(key)
    return tuple(map(str, listed)) if isinstance(listed, list) else ()
