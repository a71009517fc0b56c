"""The changes that the answer to a question makes, to be recorded as one operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from memcli.core.memory.anchors import blob_id
from memcli.core.memory.claim_author import as_recorded
from memcli.core.memory.document import Document
from memcli.core.memory.resolution import Documents, without_mentions
from memcli.core.memory.summary import MemorySummary
from memcli.operations.memories.changes import (
    FileCheck,
    OpenedMemory,
    PreparedChange,
    check_document,
    prepare_change,
)
from memcli.operations.memories.question_case import QuestionCase
from memcli.operations.memories.store_questions import questions_about
from memcli.operations.views.reader import Reader
from memcli.operations.writing.author import Author
from memcli.state.journal import FileEdit


@dataclass(frozen=True)
class AnswerChanges:
    """Prepares the changes of answers: `read` opens a memory to change it, `check` checks its text;
    `is_edit`: the answer is a new text, whose author is who answers."""

    reader: Reader
    read: Callable[[str], OpenedMemory]
    author: Author
    check: FileCheck
    is_edit: bool

    def prepare(self, case: QuestionCase, documents: Documents) -> list[PreparedChange]:
        """What an answer makes of memories, the one that was asked about first. Raises Refused."""
        opened = {**case.others, case.id: _to_replace(case)}
        ids = sorted(documents, key=lambda memory_id: memory_id != case.id)
        changes = [self._change(opened[memory_id], documents[memory_id]) for memory_id in ids]
        moot = self._moot(case, documents)
        return [*changes, *(prepare_change(memory, document, self.author, self.check) for memory, document in moot)]

    def _change(self, opened: OpenedMemory, document: Document) -> PreparedChange:
        """The change to exactly this document, or to the one that an edit amounts to."""
        if self.is_edit:
            document = as_recorded(document, opened.document, self.author.agent, self.author.session)
        record, (memory, findings) = opened.record, check_document(document, opened.record.path, self.check)
        edit = FileEdit(record.path, record.id, record.blob, document.text())
        return PreparedChange(edit, memory.title, tuple(findings))

    def _moot(self, case: QuestionCase, documents: Documents) -> Iterator[tuple[OpenedMemory, Document]]:
        """The other memories that ask about one that goes out of use now, without these questions."""
        ended = _ended_records(case, documents)
        if not ended:
            return
        with self.reader.view() as view:
            asking = [question.holder for record in ended for question in questions_about(view, record)]
        for holder in {record.id: record for record in asking if record.id not in documents}.values():
            if holder.read_only and self.author.agent is not None:
                continue
            opened = self.read(holder.id)
            document = opened.document
            for record in ended:
                document = without_mentions(document, record.id)
            yield opened, document


def _to_replace(case: QuestionCase) -> OpenedMemory:
    """The file that an answer takes the place of: that of a pending conflict is merged before."""
    if case.pending is None:
        return case.opened
    merged = case.pending.merged
    return OpenedMemory(case.opened.record._replace(blob=blob_id(merged.text().encode())), merged)


def _ended_records(case: QuestionCase, documents: Documents) -> list[MemorySummary]:
    """The memories of a case that an answer takes out of use."""
    records = {case.id: case.opened.record, **{memory.record.id: memory.record for memory in case.others.values()}}
    return [
        records[memory_id]
        for memory_id, document in documents.items()
        if records[memory_id].status == "active" and document.get("status") not in (None, "active")
    ]
