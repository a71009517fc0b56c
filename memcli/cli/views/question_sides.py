"""Open questions, the sides of one, and its answer, as `mem resolve` prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from memcli.cli.options import Call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.question_lines import question_data
from memcli.cli.views.sheet import BLANK_ROW, LOOK, SheetRow, SmallFacts, sheet_text
from memcli.cli.views.side_rows import side_rows
from memcli.cli.views.written_memory import delay_warnings, note_started, written_data
from memcli.core.memory.identity import short

if TYPE_CHECKING:
    from memcli.operations.memories.question_case import QuestionCase, QuestionGroup, Side
    from memcli.operations.memories.resolve import Resolved
    from memcli.operations.memories.store_questions import OpenQuestion


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


def show_case(call: Call, case: QuestionCase, is_plain: bool = False) -> None:
    """Print the questions of a memory with their sides."""
    groups = [(group, _sides(call, case, group)) for group in case.groups]
    data = {"id": case.id, "questions": [_group_data(group, sides) for group, sides in groups]}

    def text() -> str:
        rows = (row for group, sides in groups for row in (*_group_rows(call, group, sides), BLANK_ROW))
        return sheet_text(call, rows, is_plain).rstrip("\n")

    emit(call, "resolve", data, text)


def show_group(call: Call, case: QuestionCase, group: QuestionGroup, is_plain: bool = False) -> None:
    """Print one group of questions with its sides."""
    typer.echo(sheet_text(call, _group_rows(call, group, _sides(call, case, group)), is_plain))


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


def _group_rows(call: Call, group: QuestionGroup, sides: Sequence[Side]) -> Iterator[SheetRow | SmallFacts]:
    for question in group.questions:
        yield SheetRow(LOOK, "question", f"{question.text} (since {question.since})")
    for side in sides:
        yield BLANK_ROW
        yield from side_rows(call, side)


def show_resolved(call: Call, resolved: Resolved) -> None:
    """Print an answer and what it has changed."""
    first = resolved.memories[0]
    data = {**written_data(first), "kind": resolved.kind, "with": list(resolved.with_ids), "answer": resolved.answer,
            "memories": list(map(written_data, resolved.memories))}  # fmt: skip
    lines = [f"{resolved.kind}: {resolved.answer}", *(f"{memory.id}  {memory.path}" for memory in resolved.memories)]
    emit(call, "resolve", data, lambda: printable("\n".join(lines)), delay_warnings(first))
    if first.started:
        note_started(call, first.session)
