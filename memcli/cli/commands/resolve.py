"""`mem resolve`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from memcli.cli.options import Call, Command, call_of
from memcli.cli.views.output import emit, printable
from memcli.cli.views.questions import question_data, question_text
from memcli.cli.views.written_memory import show_written
from memcli.core.memory.summary import MemorySummary
from memcli.core.text.first_few import first_few
from memcli.errors import Usage

app = typer.Typer()


@app.command("resolve", cls=Command)
def resolve_command(
    ctx: typer.Context,
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="Memory to resolve", show_default="list all open questions")
    ] = None,
    take: Annotated[
        str, typer.Option(metavar="SIDE", help="'ours' keeps the current text, 'other' takes the other side's values")
    ] = "ours",
) -> None:
    """List open questions, or resolve one

    A question is what only a person can decide: both sides of a merge
    conflict, or a memory that a check or a dream has flagged for attention.
    """
    from memcli.operations.memories.resolve import open_questions, resolve_question

    call = call_of(ctx)
    if id is None:
        _show_questions(call, open_questions(call.workspace))
    else:
        show_written(call, "resolve", resolve_question(call.workspace, id, _side(take)))


def _show_questions(call: Call, records: Sequence[MemorySummary]) -> None:
    data = {"unsettled": [{"id": record.id, "title": record.title, "conflict": record.conflict,
                           "questions": list(map(question_data, record.questions))} for record in records]}  # fmt: skip
    lines = [
        f"{record.id[-6:]}  {record.title}  ({first_few(map(question_text, record.questions))})" for record in records
    ]
    emit(call, "resolve", data, lambda: printable("\n".join(lines)) or "no open questions")


def _side(take: str) -> Literal["ours", "other"]:
    if take == "ours":
        return "ours"
    if take == "other":
        return "other"
    raise Usage(f"--take must be 'ours' or 'other', not {take!r}", "'mem show ID' shows both sides")
