"""Open questions beside the memories that they are about, as JSON and as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from memcli.core.memory.questions import Question


def question_data(question: Question) -> dict[str, object]:
    """A question as the JSON contract has it."""
    return {"kind": question.kind, "with": list(question.with_ids), "reason": question.reason, "since": question.since}


def questions_data(questions: Iterable[Question]) -> list[dict[str, object]]:
    """The questions of a memory as the JSON contract has them."""
    return list(map(question_data, questions))


def question_lines(questions: Iterable[Question], indent: str = "") -> Iterator[str]:
    """One line for each question of a memory."""
    return (f"{indent}question: {question.text} (since {question.since})" for question in questions)
