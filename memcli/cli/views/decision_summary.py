"""What the decisions of `mem review -p` will do, and what they did."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from memcli.cli.views.asked_candidate import title_line
from memcli.cli.views.quantities import quantity
from memcli.cli.views.sheet import BAD, BLANK_ROW, FACT, GOOD, LOOK, TEXT, SheetRow
from memcli.core.finding import INFO
from memcli.core.memory.identity import short
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.operations.review.decisions import Decided
from memcli.operations.review.pending_decisions import ACCEPT, REJECT, PendingDecision

_INDENT = 9
"""Cells before what is said about a title."""

if TYPE_CHECKING:
    from memcli.cli.review_walk import ReviewWalk


def summary_rows(walk: ReviewWalk, ahead: Decided) -> Iterator[SheetRow]:
    """What is accepted, first what is accepted in spite of warnings; what is rejected, and why; what is left."""
    accepted, rejected = walk.with_verdict(ACCEPT), walk.with_verdict(REJECT)
    gone = {waiting.id for waiting in rejected}
    yield BLANK_ROW
    if accepted:
        clean = [waiting for waiting in accepted if waiting.is_clean]
        without = f", {len(clean)} of them without warnings" if clean else ""
        yield SheetRow(GOOD, "", f"accept {len(accepted)}{without}")
    for waiting in accepted:
        if not waiting.is_clean:
            yield _title_row(waiting)
            yield from _reason_rows(waiting, walk.of(waiting), gone)
    if rejected:
        yield SheetRow(BAD, "", f"reject {len(rejected)}")
    for waiting in rejected:
        yield _title_row(waiting)
        decision = walk.of(waiting)
        yield SheetRow(FACT, "reason", decision.reason if decision else "", _INDENT, is_cut=True)
    left = len(walk.undecided())
    yield SheetRow(TEXT, "", f"leave {quantity(left, 'candidate')} undecided" if left else "nothing is left undecided")
    if ahead.result:
        yield SheetRow(FACT, "result", ahead.result[:10], is_labelled=True)


def _title_row(waiting: WaitingCandidate) -> SheetRow:
    return SheetRow(TEXT, "", title_line(waiting), 2, is_cut=True)


def _reason_rows(waiting: WaitingCandidate, decision: PendingDecision | None, gone: Set[str]) -> Iterator[SheetRow]:
    """What is accepted instead of what, and the warnings that stay."""
    over = decision.over if decision else ()
    yield from (
        SheetRow(FACT, "", f"instead of {short(memory_id)}, which goes out of use", _INDENT) for memory_id in over
    )
    for finding in waiting.findings:
        replaced = gone & set(finding.with_ids)
        if replaced:
            yield SheetRow(
                FACT, "", f"instead of {', '.join(map(short, sorted(replaced)))}, which is rejected", _INDENT
            )
        elif finding.severity != INFO and not set(over) & set(finding.with_ids):
            yield SheetRow(LOOK, "warning", f"{finding.check}: {finding.message}", _INDENT)


def done_rows(decided: Decided, left: int) -> Iterator[SheetRow]:
    """What was done, in one operation."""
    promoted = sum(len(outcome.promoted) for outcome in decided.promoted)
    rejected = sum(len(outcome.rejected) for outcome in decided.rejected)
    yield SheetRow(GOOD, "", f"promoted {promoted}, rejected {rejected}" + (f", {left} left" if left else ""))
    yield from (
        SheetRow(LOOK, "warning", text, is_labelled=True) for promoted in decided.promoted for text in promoted.warnings
    )
    yield SheetRow(FACT, "", "'mem undo' takes all of it back")
