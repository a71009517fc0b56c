"""A dream as JSON and as a report: what it proposes and why, its open questions, its effect on recall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from memcli.cli.options import Call
from memcli.cli.views.findings import refusal_data
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import quantity
from memcli.core.text.first_few import first_few

if TYPE_CHECKING:
    from memcli.core.dream.steps import Step
    from memcli.operations.dream.curate_phase import CuratorOutcome
    from memcli.operations.dream.measure import RecallMeasures
    from memcli.operations.dream.report import DreamReport
    from memcli.operations.dream.revert import Reverted
    from memcli.operations.dream.start_resume import DreamResult

GATES = {
    "time": "the last dream is too recent",
    "sessions": "too few sessions have ended since the last dream",
    "lock": "another dream is running",
    "nothing-new": "nothing has changed since the last dream",
}
_VERBS = {"promoted": "promoted", "closed": "found"}


def show_dream(call: Call, command: str, dream: DreamResult, dry_run: bool = False) -> None:
    """Print a dream, or why there was none."""
    emit(call, command, dream_data(dream, dry_run), lambda: "\n".join(dream_lines(dream, dry_run)))


def dream_data(dream: DreamResult, dry_run: bool = False) -> dict[str, Any]:
    """A dream as the JSON contract has it."""
    report = dream.report
    return {
        "ran": dream.ran, "gate": dream.gate, "session": dream.session, "state": dream.state,
        "resumed": dream.resumed, "watermark": {"from": dream.since or None, "to": dream.until or None},
        "changes": list(map(_change_data, _changes(dream))), "attention": list(map(_question_data, _questions(dream))),
        "commit": dream.commit, "dry_run": dry_run, "measures": vars(report.measures) if report else None,
        "left_for_the_next": bool(report and report.full),
        "curator": _curator_data(dream.curator) if dream.curator else None,
    }  # fmt: skip


def _changes(dream: DreamResult) -> list[Step]:
    return [step for step in dream.steps if not step.asks]


def _questions(dream: DreamResult) -> list[Step]:
    return [step for step in dream.steps if step.asks]


def _change_data(step: Step) -> dict[str, Any]:
    return {"phase": step.phase, "id": step.id, "with": list(step.others), "change": step.change, "reason": step.reason}


def _question_data(step: Step) -> dict[str, Any]:
    return {"id": step.id, "kind": step.question, "with": list(step.others), "reason": step.reason,
            "phase": step.phase}  # fmt: skip


def _curator_data(curator: CuratorOutcome) -> dict[str, Any]:
    return {"taken": curator.taken, "refused": refusal_data(curator.refused), "failure": curator.failure or None}


def dream_lines(dream: DreamResult, dry_run: bool = False) -> Iterator[str]:
    """The report for a person."""
    if not dream.ran:
        yield f"no dream: {GATES.get(dream.gate or '', dream.gate)}"
        return
    if not dream.steps:
        yield "nothing to change" + (f" ({dream.session})" if dream.session else "")
        yield from _curator_lines(dream.curator)
        return
    yield _head(dream, dry_run)
    yield from _change_lines(dream)
    yield from _question_lines(dream)
    yield from _curator_lines(dream.curator)
    if dream.report:
        yield from _measure_lines(dream.report)


def _head(dream: DreamResult, dry_run: bool) -> str:
    verb = "would propose" if dry_run else _VERBS.get(dream.state, "proposes")
    questions = len(_questions(dream))
    line = f"{dream.session or 'a dream'} {verb} {quantity(len(_changes(dream)), 'change')}"
    return line + (f" and raises {quantity(questions, 'question')}" if questions else "")


def _change_lines(dream: DreamResult) -> Iterator[str]:
    for phase, steps in groupby(_changes(dream), key=lambda step: step.phase):
        yield f"\n{phase}"
        yield from (_step_line(step, dream.report) for step in steps)


def _question_lines(dream: DreamResult) -> Iterator[str]:
    questions = _questions(dream)
    if questions:
        yield "\nopen questions ('mem resolve ID' records the answer)"
        yield from (_step_line(step, dream.report) for step in questions)


def _step_line(step: Step, report: DreamReport | None) -> str:
    others = f" with {first_few((_name(other, report) for other in step.others), 5)}" if step.others else ""
    label = "question" if step.asks else step.change
    return printable(f"  {label:<10} {_name(step.id, report)}{others}: {step.reason}")


def _name(memory_id: str, report: DreamReport | None) -> str:
    title = report.titles.get(memory_id, "") if report else ""
    return f"{memory_id[-6:]} {title[:60]!r}" if title else memory_id[-6:]


def _curator_lines(curator: CuratorOutcome | None) -> Iterator[str]:
    if curator is None:
        return
    if curator.failure:
        yield printable(f"\nthe curator changed nothing: {curator.failure}")
    else:
        yield f"\ncurator: {quantity(curator.taken, 'edit')} accepted, {len(curator.refused)} refused"
    for refusal in curator.refused[:20]:
        yield printable(f"  refused {refusal.form or 'edit'} {refusal.id[-6:]}: {refusal.reason}")


def _measure_lines(report: DreamReport) -> Iterator[str]:
    measures = report.measures
    yield "\nbefore and after"
    yield f"  active memories  {_pair(measures.active)}"
    yield f"  front page       {_pair(measures.front_tokens)} tokens"
    if None not in measures.pack_tokens:
        yield f"  average pack     {_pair(measures.pack_tokens)} tokens{_why_longer(measures)}"
    if measures.replayed:
        queries = quantity(measures.replayed, "recorded query", "recorded queries")
        yield f"  {queries} run again, {quantity(len(measures.lost), 'answer')} lost"
    for lost in measures.lost:
        answer = f"{lost.id[-6:]} {lost.title[:60]!r}"
        yield printable(f"    lost: {lost.query[:60]!r} no longer finds {answer}: {lost.reason}")
    if report.full:
        yield "  the limit of changes was reached: the rest is left for the next dream"


def _why_longer(measures: RecallMeasures) -> str:
    """Why the average pack became longer; '' where it did not."""
    (before, after), (old, new) = measures.pack_tokens, measures.question_tokens
    if (after or 0) <= (before or 0):
        return ""
    if (new or 0) > (old or 0):
        return f": {new} of them are open questions, which 'mem resolve' answers"
    return ": it shows more of other memories, since fewer compete for its room"


def _pair(values: Sequence[int | None]) -> str:
    return " → ".join(f"{value:,}" for value in values if value is not None)


def show_reverted(call: Call, reverted: Reverted) -> None:
    """Print the files that taking back a dream has restored."""
    moved = [{"ref": move.ref, "from": move.old, "to": move.new} for move in reverted.moved]
    data = {"session": reverted.dream, "op": reverted.op, "moved": moved, "reopened": None,
            "restored": list(reverted.restored)}  # fmt: skip
    lines = [f"reverted {reverted.dream}:", *(f"  {path}" for path in reverted.restored)]
    emit(call, "revert", data, lambda: "\n".join(lines))
