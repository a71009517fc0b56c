"""The open questions of the store as one caller sees it, found by any memory that they involve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memcli.core.memory.document import Document, parse_document
from memcli.core.memory.questions import CONFLICT, DOUBT, Question, conflict_question
from memcli.core.memory.summary import MemorySummary
from memcli.core.merge.conflict import OURS, THEIRS
from memcli.core.merge.three_way import merge_versions
from memcli.index.database.view import View
from memcli.operations.views.reader import Reader
from memcli.store import merge_texts
from memcli.workspace import Workspace


@dataclass(frozen=True)
class OpenQuestion:
    """A question that the memory `holder` lists, and the other memories of it that are there."""

    holder: MemorySummary
    question: Question
    others: tuple[MemorySummary, ...] = ()

    def involves(self, memory_id: str) -> bool:
        """Whether an answer is about this memory: a doubt is about the memory that it was raised on alone."""
        return memory_id in self.ids if self.question.kind != DOUBT else memory_id == self.holder.id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all its memories."""
        return (self.holder.id, *(other.id for other in self.others))


@dataclass(frozen=True)
class PendingConflict:
    """A candidate that changes what the store has changed since its session began: `sides` by `OURS` (the store) and
    `THEIRS` (the session), `merged` what `mem session update` would make of them."""

    question: Question
    sides: dict[str, Document]
    merged: Document


def open_questions(workspace: Workspace) -> list[OpenQuestion]:
    """All open questions of the store and of the caller's session, the last changed memory first."""
    reader = Reader(workspace)
    with reader.view() as view:
        reader.visibility.apply(view)
        asked = list(_asked(view, view.questions.asking()))
    shadowed = {one.holder.id for one in asked if one.question.kind == CONFLICT}
    pending = [one for one in _pending(workspace) if one.holder.id not in shadowed]
    return [*pending, *asked]


def questions_about(view: View, record: MemorySummary) -> list[OpenQuestion]:
    """The open questions of one memory, its own before those of others about it."""
    asked = (one for one in _asked(view, view.questions.asking()) if one.involves(record.id))
    return sorted(asked, key=lambda one: one.holder.id != record.id)


def _asked(view: View, records: Iterable[MemorySummary]) -> Iterator[OpenQuestion]:
    for record in records:
        for question in record.questions:
            known = view.by_ids(question.with_ids)
            yield OpenQuestion(record, question, tuple(known[other] for other in question.with_ids if other in known))


def _pending(workspace: Workspace) -> Iterator[OpenQuestion]:
    """The conflicts of the caller's session with the store."""
    name = workspace.selection.name
    if name is None or not workspace.selection.is_open(name):
        return
    session, store = workspace.sessions.load(name), workspace.store
    tip = Reader(workspace).tip()[1]
    if session.base == tip:
        return
    moved = {delta.path for delta in store.deltas(store.tree_of(session.base), store.tree_of(tip))}
    with Reader(workspace).view() as view:
        for candidate in workspace.sessions.candidates(session):
            record = view.get(candidate.id) if candidate.path in moved else None
            conflict = pending_conflict(workspace, record, view.text(record)) if record else None
            if record and conflict:
                yield OpenQuestion(record, conflict.question)


def pending_conflict(workspace: Workspace, record: MemorySummary, text: str) -> PendingConflict | None:
    """The conflict of a candidate of the caller's session with the store's tip; None where there is none."""
    name = record.candidate_of
    if name is None or not workspace.selection.is_open(name):
        return None
    session, store = workspace.sessions.load(name), workspace.store
    trees = (store.tree_of(session.base), store.tree_of(Reader(workspace).tip()[1]))
    base, ours = (store.text(store.odb.file(tree, record.path)) for tree in trees)
    if not ours or len({base, ours, text}) < 3:
        return None
    sides = {OURS: parse_document(ours), THEIRS: parse_document(text)}
    merged = merge_versions(parse_document(base) if base else None, sides[OURS], sides[THEIRS])
    if not merged.conflicts:
        return None
    parts = dict.fromkeys(conflict.part for conflict in merged.conflicts)
    document = parse_document(merge_texts(base, ours, text, record.path).text)
    return PendingConflict(conflict_question(tuple(parts), record.modified[:10]), sides, document)
