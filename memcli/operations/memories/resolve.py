"""`mem resolve`: answers to open questions, which a merge, a check or a dream has left to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from memcli.core.memory import resolution
from memcli.core.memory.document import Document, DocumentError, Value, decode, parse_document
from memcli.core.memory.identity import short
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import Verified
from memcli.core.memory.questions import CONFLICT, DOUBT, attention_value, listed_questions
from memcli.core.memory.recorded_answers import Answer, claims_digest, with_answer
from memcli.core.memory.resolution import Decision, Documents
from memcli.core.memory.schema import read_memory
from memcli.core.merge.conflict import without_conflict
from memcli.core.review.checks.runner import check_write
from memcli.core.review.private import without_private
from memcli.errors import Refused, Usage
from memcli.operations.memories.answer_changes import AnswerChanges
from memcli.operations.memories.changes import PreparedChange, open_memory, record_changes
from memcli.operations.memories.question_case import BOTH, QuestionCase, QuestionGroup, choice_of, choose_group
from memcli.operations.memories.verify import COMMIT_DIGITS
from memcli.operations.views.reader import Reader
from memcli.operations.writing.anchor_blobs import moved_anchors
from memcli.operations.writing.author import Author
from memcli.operations.writing.record import Recorded, RefusedText
from memcli.operations.writing.session_builder import UPDATE_FIRST
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.git.code_tree import Code


@dataclass(frozen=True)
class ResolveRequest:
    """An answer: one of `keep` (a choice of the group), `edited` (the new text of the memory) and `retire`; `about`
    chooses the question where a memory has several, `because` is recorded with the answer."""

    keep: str | None = None
    edited: str | None = None
    retire: bool = False
    about: str | None = None
    because: str = ""


@dataclass(frozen=True)
class Resolved:
    """What an answer has changed; `with_ids`: the other memories that it is about."""

    id: str
    kind: str
    with_ids: tuple[str, ...]
    answer: str
    memories: tuple[Recorded, ...]


def resolve(workspace: Workspace, case: QuestionCase, request: ResolveRequest) -> Resolved:
    """Record an answer, as one operation. Raises Usage where it answers no question or several, Refused."""
    because = without_private(request.because)[0]
    decision = Decision(format_instant(workspace.now), workspace.actor.name, because)
    if request.retire and request.about is None:
        group, answer = case.groups[0], "retired"
        documents: Documents = {case.id: resolution.retire(_standing(case), decision)}
    else:
        group = choose_group(case, request.keep, request.about)
        store = _CurrentStore(
            Reader(workspace), lambda: workspace.code, workspace.now, workspace.config.agent is not None
        )
        answer, documents = _answered(store, case, group, request, decision)
    check = partial(check_write, excludes=workspace.excludes)
    note = {"summary": f"{case.opened.record.title}: {answer}", **({UPDATE_FIRST: "true"} if case.pending else {})}

    def prepare(author: Author) -> list[PreparedChange]:
        read = partial(open_memory, workspace)
        return AnswerChanges(Reader(workspace), read, author, check, answer == "edited").prepare(case, documents)

    memories = record_changes(workspace, "resolve", prepare, note)
    return Resolved(case.id, group.kind, group.ids[1:], answer, tuple(memories))


@dataclass(frozen=True)
class _CurrentStore:
    """What answers are made with: the store as the caller sees it, and the code, at this instant."""

    reader: Reader
    code: Callable[[], Code | None]
    now: datetime
    is_agent: bool

    def text(self, path: str) -> str:
        """The file at the store's tip; empty without one."""
        store = self.reader.store
        return store.text(store.odb.file(store.tree_of(self.reader.tip()[1]), path))


def _standing(case: QuestionCase) -> Document:
    """The memory with what both sides of its conflict say."""
    return without_conflict(case.pending.merged if case.pending else case.opened.document)


def _answered(
    store: _CurrentStore, case: QuestionCase, group: QuestionGroup, request: ResolveRequest, decision: Decision
) -> tuple[str, Documents]:
    """The answer in words, and the documents that it makes."""
    members = {memory_id: case.document_of(memory_id) for memory_id in group.ids}
    if request.retire:
        return "retired", {case.id: resolution.retire(members[case.id], decision)}
    if request.edited is not None:
        return "edited", _edited(case, group, request.edited, decision)
    choice = choice_of(group, request.keep or "")
    if group.kind == CONFLICT:
        return f"kept {choice}", {case.id: _side(store, case, choice, decision)}
    if group.kind == DOUBT:
        return "still true", _still_true(store, case, group, decision)
    question = group.questions[0]
    if choice == BOTH:
        return "kept both", resolution.keep_all(question, group.holder, members, decision)
    return f"kept {short(choice)}", resolution.keep_one(question, group.holder, choice, members, decision)


def _side(store: _CurrentStore, case: QuestionCase, choice: str, decision: Decision) -> Document:
    """One version of a conflicted memory, or both texts; exactly as it is where the store or the session has it so."""
    if choice == BOTH and store.is_agent:
        raise Refused("agents cannot keep both sides of a conflict", "keep one, edit the memory, or ask a person")
    if choice != BOTH and not case.conflict_sides:
        raise Usage("the two versions of this conflict are not recorded", "use --keep both or --edit")
    document = _standing(case) if choice == BOTH else case.conflict_sides[choice]
    is_exact = choice != BOTH and (case.pending or document.text() == store.text(case.opened.record.path))
    document = document if is_exact else without_conflict(document).with_values({"modified": decision.at})
    return _with_reason(document, f"kept {choice}", case.groups[0], decision)


def _with_reason(document: Document, answer: str, group: QuestionGroup, decision: Decision) -> Document:
    """The document with the answer to its conflict, where a reason is given for it or both versions stay."""
    memory, _ = read_memory(document)
    if memory is None or not (decision.because or answer == f"kept {BOTH}"):
        return document
    question = group.questions[0]
    line = Answer(CONFLICT, (), answer, decision.day, claims_digest(question, memory), decision.because)
    return document.with_values({"resolved": with_answer(document.get("resolved"), line)})


def _edited(case: QuestionCase, group: QuestionGroup, text: str, decision: Decision) -> Documents:
    """The memory as it was edited, without the question."""
    text = without_private(text)[0]
    try:
        document = parse_document(decode(text.encode()))
    except DocumentError as error:
        raise RefusedText(str(error), "correct it; nothing was changed", text) from error
    if document.get("id") != case.id:
        raise Refused("the id cannot be changed", "'mem supersede' replaces a memory with a new one")
    document = document.with_values({"modified": decision.at})
    if group.kind == CONFLICT:
        return {case.id: _with_reason(without_conflict(document), "edited", group, decision)}
    if group.kind == DOUBT:
        kept = [each for each in listed_questions(document.get("attention")) if each.kind != DOUBT]
        return {case.id: document.with_values({"attention": attention_value(kept)})}
    members = {memory_id: case.document_of(memory_id) for memory_id in group.ids} | {case.id: document}
    return resolution.edited(group.questions[0], group.holder, members, decision)


def _still_true(store: _CurrentStore, case: QuestionCase, group: QuestionGroup, decision: Decision) -> Documents:
    """The memory confirmed against the code as it is now."""
    document, code = case.opened.document, store.code()
    verified: dict[str, Value] = {
        "verified": Verified(store.now, code.commit[:COMMIT_DIGITS] if code else None).front()
    }
    if code:
        judge = store.reader.judge(code.commit)
        verified["paths"] = moved_anchors(document, judge.of_fronts({case.id: document.front()})[case.id], code)
    with store.reader.view() as view:
        based_on = view.by_ids(other for question in group.questions for other in question.with_ids)
        others = {memory_id: parse_document(view.text(record)) for memory_id, record in based_on.items()}
    return resolution.still_true(group.questions, case.id, {**others, case.id: document}, verified, decision)


def text_to_edit(case: QuestionCase, group: QuestionGroup) -> str:
    """The memory's file for an editor; that of a conflict holds both texts."""
    return (_standing(case) if group.kind == CONFLICT else case.opened.document).text()
