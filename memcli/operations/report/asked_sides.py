"""The open questions of the store with all sides of each, as a reader compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from memcli.core.memory.document import parse_document
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import CONFLICT, Question
from memcli.core.memory.schema import read_memory
from memcli.core.merge.conflict import versions_of
from memcli.index.database.view import View
from memcli.operations.report.reported_memory import ReportedMemory


@dataclass(frozen=True)
class QuestionSide:
    """One side: a memory, or one version (`name`) of a memory in conflict."""

    name: str
    title: str
    body: str
    evidence: str | None
    author: str
    modified: str


@dataclass(frozen=True)
class AskedQuestion:
    """An open question of the memory `holder`, and its sides."""

    holder: str
    question: Question
    sides: tuple[QuestionSide, ...]


def asked_questions(view: View, memories: Mapping[str, ReportedMemory]) -> list[AskedQuestion]:
    """The open questions of a view, the last changed memory first."""
    asked = ((record, question) for record in view.questions.asking() for question in record.questions)
    return [
        AskedQuestion(record.id, question, tuple(_sides(view.text(record), question, memories[record.id], memories)))
        for record, question in asked
        if record.id in memories
    ]


def _sides(
    text: str, question: Question, holder: ReportedMemory, memories: Mapping[str, ReportedMemory]
) -> Iterator[QuestionSide]:
    """The versions of a memory in conflict; else the memory and the others that the question involves."""
    versions = versions_of(parse_document(text)) if question.kind == CONFLICT else {}
    for name, document in versions.items():
        memory, _ = read_memory(document)
        if memory:
            yield _side(name, memory, holder.author)
    if not versions:
        involved = (holder, *(memories[other] for other in question.with_ids if other in memories))
        yield from (_side(each.id, each.memory, each.author) for each in involved)


def _side(name: str, memory: Memory, author: str) -> QuestionSide:
    by = memory.source.agent or author
    return QuestionSide(name, memory.title, memory.body, memory.evidence, by, format_instant(memory.modified))
