"""The open questions of the store as one caller sees it, found by any memory that they involve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from memcli.core.memory.document import Document, parse_document
from memcli.core.memory.questions import CONFLICT, Question, conflict_question
from memcli.core.memory.schema import read_memory
from memcli.core.memory.summary import MemorySummary
from memcli.core.merge.conflict import OURS, THEIRS
from memcli.core.merge.three_way import MergedVersions, merge_versions
from memcli.core.session.state import Session
from memcli.operations.memories.store_questions import OpenQuestion, store_questions
from memcli.operations.views.reader import Reader
from memcli.sessions import Sessions
from memcli.store import merge_texts
from memcli.workspace import Workspace


@dataclass(frozen=True)
class PendingConflict:
    """A candidate that changes what the store has changed since its session began: `sides` by `OURS` (the store) and
    `THEIRS` (the session), `merged` what `mem session update` would make of them."""

    question: Question
    sides: dict[str, Document]
    merged: Document


def open_questions(workspace: Workspace) -> list[OpenQuestion]:
    """The open questions of the store and of the caller's session, the last changed memory first, behind the conflicts
    of sessions with the store: to a person those of every open session."""
    reader, own = Reader(workspace), workspace.selection.name
    with reader.view() as view:
        reader.visibility.apply(view)
        asked = store_questions(view)
    sessions = [
        session for session in workspace.sessions.all() if session.name == own or workspace.config.agent is None
    ]
    conflicts = [conflict for session in sessions for conflict in _conflicts(reader, workspace.sessions, session)]
    shown = {(conflict.holder.id, conflict.session, CONFLICT) for conflict in conflicts}
    rest = (entry for entry in asked if (entry.holder.id, entry.holder.candidate_of, entry.question.kind) not in shown)
    return [*conflicts, *rest]


def _conflicts(reader: Reader, sessions: Sessions, session: Session) -> Iterator[OpenQuestion]:
    """The conflicts of an open session's candidates, recorded by an earlier merge or pending."""
    store = reader.store
    trees = (store.tree_of(commit) for commit in (session.base, reader.tip()[1]))
    moved = {delta.path for delta in store.deltas(*trees)}
    candidates = sessions.candidates(session)
    with reader.view(session.name) as view:
        records = view.by_ids(candidate.id for candidate in candidates if candidate.after)
        for record in records.values():
            conflict = next((question for question in record.questions if question.kind == CONFLICT), None)
            if conflict is None and record.path in moved and record.candidate_of == session.name:
                pending = pending_conflict(reader, session, record, view.text(record))
                conflict = pending.question if pending else None
            if conflict:
                yield OpenQuestion(record, conflict, session=session.name)


def pending_conflict(reader: Reader, session: Session, record: MemorySummary, text: str) -> PendingConflict | None:
    """The conflict of a candidate of an open session with the store's tip; None where there is none."""
    store = reader.store
    trees = (store.tree_of(session.base), store.tree_of(reader.tip()[1]))
    base, ours = (store.text(store.odb.file(tree, record.path)) for tree in trees)
    if not ours or len({base, ours, text}) < 3:
        return None
    sides = {OURS: parse_document(ours), THEIRS: parse_document(text)}
    merged = merge_versions(parse_document(base) if base else None, sides[OURS], sides[THEIRS])
    if not merged.conflicts:
        return None
    document = parse_document(merge_texts(base, ours, text, record.path).text)
    question = conflict_question(_parts(merged), record.modified[:10])
    return PendingConflict(question, sides, document)


def _parts(merged: MergedVersions) -> tuple[str, ...]:
    """What the versions differ in: as the merged memory tells it, and parts that it has no record of."""
    memory, _ = read_memory(merged.document)
    told = memory.conflict_parts if memory else ()
    recorded = {"title", "status", *(name for name, _ in memory.conflict_other)} if memory and told else set()
    rest = dict.fromkeys(conflict.part for conflict in merged.conflicts if conflict.part not in recorded)
    return (*told, *rest)
