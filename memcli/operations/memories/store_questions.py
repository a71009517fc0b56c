"""The open questions of the memories in one view of the store; loads neither texts nor git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memcli.core.memory.questions import DOUBT, Question
from memcli.core.memory.summary import MemorySummary
from memcli.index.database.view import View


@dataclass(frozen=True)
class OpenQuestion:
    """A question that the memory `holder` lists, and the other memories of it that are there; `session` is that of a
    candidate in conflict."""

    holder: MemorySummary
    question: Question
    others: tuple[MemorySummary, ...] = ()
    session: str | None = None

    def involves(self, memory_id: str) -> bool:
        """Whether an answer is about this memory: a doubt is about the memory that it was raised on alone."""
        return memory_id in self.ids if self.question.kind != DOUBT else memory_id == self.holder.id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all its memories."""
        return (self.holder.id, *(other.id for other in self.others))


def store_questions(view: View) -> list[OpenQuestion]:
    """The open questions of the memories in a view, the last changed memory first."""
    return list(_asked(view, view.questions.asking()))


def questions_about(view: View, record: MemorySummary) -> list[OpenQuestion]:
    """The open questions of one memory, its own before those of others about it."""
    asked = (question for question in _asked(view, view.questions.asking()) if question.involves(record.id))
    return sorted(asked, key=lambda question: question.holder.id != record.id)


def _asked(view: View, records: Iterable[MemorySummary]) -> Iterator[OpenQuestion]:
    for record in records:
        for question in record.questions:
            others = view.by_ids(question.with_ids)
            yield OpenQuestion(record, question, tuple(others[other] for other in question.with_ids if other in others))
