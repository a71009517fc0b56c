"""An open question of a memory as JSON and as a line."""

from __future__ import annotations

from memcli.core.memory.identity import short
from memcli.core.memory.questions import Question


def question_data(question: Question) -> dict[str, object]:
    """A question as the JSON contract has it."""
    return {"kind": question.kind, "with": list(question.with_ids), "reason": question.reason, "since": question.since}


def question_text(question: Question) -> str:
    """`contradiction with WXYZ12: differs: 10 against 12`."""
    others = f" with {', '.join(map(short, question.with_ids))}" if question.with_ids else ""
    return f"{question.kind}{others}: {question.reason}"
