"""Open questions, the sides of one, and its answer, as `mem resolve` prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from memcli.cli.options import Call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import time_ago
from memcli.cli.views.question_lines import question_data
from memcli.cli.views.written_memory import delay_warnings, note_started, written_data
from memcli.core.memory.identity import short
from memcli.core.memory.key_types import retirement_reason

if TYPE_CHECKING:
    from memcli.operations.memories.open_questions import OpenQuestion
    from memcli.operations.memories.question_case import QuestionCase, QuestionGroup, Side
    from memcli.operations.memories.resolve import Resolved


def show_questions(call: Call, questions: Sequence[OpenQuestion]) -> None:
    """Print the list of open questions."""
    data = {"unsettled": [_open_data(question) for question in questions]}
    lines = (line for question in questions for line in _open_lines(question))
    emit(call, "resolve", data, lambda: printable("\n".join(lines)) or "no open questions")


def _open_data(asked: OpenQuestion) -> dict[str, Any]:
    holder = asked.holder
    return {"id": holder.id, "title": holder.title, "conflict": holder.conflict, **question_data(asked.question),
            "session": asked.session,
            "others": [{"id": other.id, "title": other.title} for other in asked.others]}  # fmt: skip


def _open_lines(asked: OpenQuestion) -> Iterator[str]:
    yield f"{short(asked.holder.id)}  {asked.holder.title}" + (f"  (in {asked.session})" if asked.session else "")
    yield from (f"{short(other.id)}  {other.title}" for other in asked.others)
    yield f"        {asked.question.kind} since {asked.question.since}: {asked.question.reason}"


def show_case(call: Call, case: QuestionCase) -> None:
    """Print the questions of a memory with their sides."""
    groups = [(group, _sides(call, case, group)) for group in case.groups]
    data = {"id": case.id, "questions": [_group_data(group, sides) for group, sides in groups]}
    emit(call, "resolve", data, lambda: "\n\n".join(_group_text(call, group, sides) for group, sides in groups))


def show_group(call: Call, case: QuestionCase, group: QuestionGroup) -> None:
    """Print one group of questions with its sides."""
    typer.echo(_group_text(call, group, _sides(call, case, group)))


def _sides(call: Call, case: QuestionCase, group: QuestionGroup) -> list[Side]:
    from memcli.operations.memories.question_case import sides

    return sides(call.workspace, case, group)


def _group_data(group: QuestionGroup, sides: Sequence[Side]) -> dict[str, Any]:
    return {**question_data(group.questions[0]), "reasons": [question.reason for question in group.questions],
            "keep": list(group.choices), "sides": list(map(_side_data, sides))}  # fmt: skip


def _side_data(side: Side) -> dict[str, Any]:
    front = side.document.front()
    return {"name": side.name, "id": front.get("id"), "title": front.get("title"), "body": side.document.body,
            "evidence": front.get("evidence"), "agent": side.agent, "session": side.session,
            "created": front.get("created"), "modified": front.get("modified"), "status": front.get("status"),
            "staleness": side.staleness.state}  # fmt: skip


def _group_text(call: Call, group: QuestionGroup, sides: Sequence[Side]) -> str:
    lines = [f"{question.text} (since {question.since})" for question in group.questions]
    for side in sides:
        lines += ["", *_side_lines(call, side)]
    return printable("\n".join(lines))


def _side_lines(call: Call, side: Side) -> Iterator[str]:
    name = short(side.name) if len(side.name) == 26 else side.name
    title = str(side.document.get("title") or "")
    yield f"{name}  {typer.style(title, bold=True) if call.color else title}"
    yield f"        {', '.join(_facts(call, side))}"
    yield from (f"        {line}".rstrip() for line in side.document.body.rstrip("\n").split("\n"))


def _facts(call: Call, side: Side) -> Iterator[str]:
    """Author, evidence, dates and the state of the code."""
    front = side.document.front()
    yield f"by {side.agent or 'a person'}" + (f" in {side.session}" if side.session else "")
    yield f"evidence {front.get('evidence') or 'not stated'}"
    now = call.workspace.now
    yield f"written {time_ago(str(front.get('created') or ''), now)}"
    if front.get("modified") and front.get("modified") != front.get("created"):
        yield f"changed {time_ago(str(front['modified']), now)}"
    if front.get("status") not in (None, "active"):
        yield str(front["status"]) + (f" ({reason})" if (reason := retirement_reason(front.get("retired"))) else "")
    if side.staleness.anchors:
        yield f"{side.staleness.state}: {side.staleness.reason}" if side.staleness.reason else side.staleness.state


def show_resolved(call: Call, resolved: Resolved) -> None:
    """Print an answer and what it has changed."""
    first = resolved.memories[0]
    data = {**written_data(first), "kind": resolved.kind, "with": list(resolved.with_ids), "answer": resolved.answer,
            "memories": list(map(written_data, resolved.memories))}  # fmt: skip
    lines = [f"{resolved.kind}: {resolved.answer}", *(f"{memory.id}  {memory.path}" for memory in resolved.memories)]
    emit(call, "resolve", data, lambda: printable("\n".join(lines)), delay_warnings(first))
    if first.started:
        note_started(call, first.session)
