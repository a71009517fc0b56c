"""`attention`: the open questions of a memory as one text, joined by `; `, which no question contains."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memcli.core.memory.fast_yaml import Value


def with_question(attention: Value, prefix: str, question: str | None) -> str | None:
    """`attention` with one question that begins with `prefix`, in place of earlier ones; None if nothing is left."""
    return with_questions(attention, prefix, [question] if question else [])


def with_questions(attention: Value, prefix: str, questions: Sequence[str]) -> str | None:
    """The same with any number of questions; they stand where the first of the earlier ones stood."""
    before = attention.split("; ") if isinstance(attention, str) else []
    place = next((number for number, question in enumerate(before) if question.startswith(prefix)), len(before))
    first, rest = before[:place], [question for question in before[place:] if not question.startswith(prefix)]
    return "; ".join([*first, *(_one_line(f"{prefix}{question}") for question in questions), *rest]) or None


def _one_line(question: str) -> str:
    return re.sub(r";(?= |$)", ",", " ".join(question.splitlines()))
