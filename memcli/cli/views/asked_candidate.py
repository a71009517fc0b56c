"""A candidate as `mem review -p` and `--plain` show it: the text first, then what was found, and the other sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from memcli.cli.options import Call
from memcli.cli.views.merges import conflict_lines
from memcli.cli.views.quantities import local_time, time_ago
from memcli.cli.views.sheet import (
    ADDED,
    BAD,
    BLANK_ROW,
    FACT,
    GOOD,
    LOOK,
    REMOVED,
    TEXT,
    TITLE,
    SheetRow,
    SmallFact,
    SmallFacts,
)
from memcli.cli.views.side_rows import begins_with_title, code_rows, side_rows
from memcli.core.finding import BLOCK, INFO, WARN, Finding
from memcli.core.memory.document import new_document
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.review.candidates import Candidate
from memcli.core.review.secrets import without_secrets
from memcli.core.review.shown_change import ADDITION, KEPT, REMOVAL, REWORDED, SKIPPED, ShownLine, shown_change
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.operations.memories.question_case import Side
from memcli.operations.review.candidate_context import CandidateContext, ComparedMemory
from memcli.operations.review.pending_decisions import ACCEPT, PendingDecision

_SEVERITIES = {BLOCK: ("blocked", BAD), WARN: ("warning", LOOK)}
_NOTE = ("note", FACT)
_INDENT = 2
_SHOWN_ELSEWHERE = ("type", "evidence", "paths")
"""Keys of a new memory that have rows of their own."""


def candidate_rows(
    call: Call, waiting: WaitingCandidate, position: str, context: CandidateContext, decision: PendingDecision | None
) -> Iterator[SheetRow | SmallFacts]:
    """All that a person needs to decide about a candidate; `position`: `3 of 40`."""
    candidate = waiting.candidate
    yield BLANK_ROW
    yield _origin(call, waiting, position)
    memory = candidate.after
    if candidate.before or memory is None or not begins_with_title(memory.title, memory.body):
        yield SheetRow(TITLE, "title", without_secrets(candidate.title), _INDENT)
    yield BLANK_ROW
    if texts := list(_text_rows(candidate)):
        yield from (*texts, BLANK_ROW)
    yield from reason_rows(candidate.after or candidate.before)
    yield from code_rows(context.staleness, _INDENT)
    yield from (SheetRow(LOOK, "conflict", line, _INDENT) for line in conflict_lines(candidate))
    for finding in waiting.findings:
        yield from finding_rows(finding, context.others.keys())
    for other in context.others.values():
        yield BLANK_ROW
        place = f"proposed in {other.session}" if other.session else "in the store"
        yield from side_rows(call, _side_of(other), place)
    yield BLANK_ROW
    if decision:
        yield decision_row(decision)


def _side_of(other: ComparedMemory) -> Side:
    memory = other.memory
    document = new_document(front_matter(memory), memory.body)
    return Side(memory.id, document, other.staleness, memory.source.agent, memory.source.session)


def _origin(call: Call, waiting: WaitingCandidate, position: str) -> SmallFacts:
    """Which candidate it is, what is proposed, by whom and when."""
    updated, session = waiting.updated, waiting.session
    when = (
        SmallFact("when", "", time_ago(updated, call.workspace.now), local_time(updated))
        if updated
        else SmallFact("", "", "")
    )
    change = SmallFact("change", "", waiting.candidate.change)
    author, where = SmallFact("author", "by", waiting.author), SmallFact("session", "in", session)
    topic, kind = SmallFact("topic", "", waiting.topic), SmallFact("type", "", waiting.type)
    return SmallFacts((SmallFact("candidate", "", position), topic, kind, change, author, where, when))


def _text_rows(candidate: Candidate) -> Iterator[SheetRow]:
    """The text that a candidate adds, or how it changes; then the keys that change."""
    change = shown_change(candidate)
    for line in change.lines:
        yield from _line_rows(line)
    for key in change.keys:
        if candidate.before is None and key.key in _SHOWN_ELSEWHERE:
            continue
        before = f"{key.before or 'nothing'} → " if key.before or candidate.before else ""
        yield SheetRow(
            FACT, "changed" if candidate.before else "key", f"{key.key}: {before}{key.after or 'nothing'}", _INDENT
        )


def _line_rows(line: ShownLine) -> Iterator[SheetRow]:
    def text(sign: str) -> str:
        return without_secrets("".join(piece for kind, piece in line.pieces if kind in (KEPT, sign)))

    if line.sign == SKIPPED:
        yield SheetRow(FACT, "", "…", _INDENT)
    elif line.sign == KEPT:
        yield SheetRow(TEXT, "text", text(KEPT), _INDENT)
    if line.sign in (REMOVAL, REWORDED):
        yield SheetRow(REMOVED, "removed", text(REMOVAL), _INDENT)
    if line.sign in (ADDITION, REWORDED):
        yield SheetRow(ADDED, "added", text(ADDITION), _INDENT)


def reason_rows(memory: Memory | None) -> Iterator[SheetRow]:
    """Why a memory may be believed, as far as it says so itself."""
    if memory is None:
        return
    reference = f", {memory.source.ref}" if memory.source.ref else ""
    yield SheetRow(FACT, "evidence", f"{memory.evidence or 'not stated'}{reference}", _INDENT, is_labelled=True)


def finding_rows(finding: Finding, shown: Set[str] = frozenset()) -> Iterator[SheetRow]:
    """A finding, with its next step unless both sides are `shown` beside it."""
    word, kind = _SEVERITIES.get(finding.severity, _NOTE)
    yield SheetRow(kind, word, f"{finding.check}: {finding.message}", _INDENT, is_labelled=True)
    if finding.next and finding.check != "conflict" and not shown & set(finding.with_ids):
        yield SheetRow(FACT, "advice", finding.next, _INDENT + 2)


def decision_row(decision: PendingDecision) -> SheetRow:
    """What is decided about a candidate so far."""
    if decision.verdict == ACCEPT:
        return SheetRow(
            GOOD, "decided", "accepted" + (", with both sides" if decision.keep_both else ""), is_labelled=True
        )
    return SheetRow(BAD, "decided", f"rejected: {decision.reason}", is_labelled=True)


def list_rows(candidates: Sequence[WaitingCandidate], decided: Sequence[PendingDecision | None]) -> Iterator[SheetRow]:
    """One row for each candidate: number, what is decided, short id, checks, topic and title."""
    for number, (waiting, decision) in enumerate(zip(candidates, decided, strict=True), 1):
        state = f"{decision.verdict}ed" if decision else "open"
        kind = TEXT if decision is None else GOOD if decision.verdict == ACCEPT else BAD
        yield SheetRow(kind, str(number), f"{state}, {title_line(waiting)}", 2, is_labelled=True, is_cut=True)


def title_line(waiting: WaitingCandidate) -> str:
    """A candidate in one line: short id, topic, what was found, title."""
    checks = ", ".join(dict.fromkeys(finding.check for finding in waiting.findings if finding.severity != INFO))
    reported = f" ({checks})" if checks else ""
    return f"{waiting.id[-6:]} {waiting.topic}{reported}: {without_secrets(waiting.candidate.title)}"
