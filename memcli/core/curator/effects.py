"""The files that an accepted edit makes; `core.dream.merged_memory` says what a merged memory contains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from memcli.core.curator.curator_edit import CuratorEdit
from memcli.core.curator.job import ASK, EDIT, MERGE, RETIRE, SUPERSEDE
from memcli.core.curator.losses import adds_claims
from memcli.core.dream.merged_memory import MergeInput, merged_document
from memcli.core.memory.document import Document, Value
from memcli.core.memory.memory import Memory, memory_text
from memcli.core.memory.questions import CONTRADICTION, Question, doubt, with_question
from memcli.core.memory.retirement import retired, superseded
from memcli.core.memory.titles import with_followed_title

BY = "curator"


@dataclass(frozen=True)
class JobMemoryState:
    """A memory of the job as the edits so far have left it."""

    document: Document
    memory: Memory
    editable: bool
    path: str = ""


States = Mapping[str, JobMemoryState]
Documents = dict[str, Document]


def edited_documents(edit: CuratorEdit, states: States, at: str) -> Documents:
    """{id: new document} of the editable memories that an edit changes. `at`: RFC 3339.

    Raises DocumentError where the limits of front matter are exceeded.
    """
    apply = _EFFECTS.get(edit.form)
    documents = apply(edit, states, at) if apply else {}
    return {memory_id: document for memory_id, document in documents.items() if states[memory_id].editable}


def merge_order(edit: CuratorEdit, states: States) -> list[str]:
    """The ids that a merge is of, the eldest first: that one stays, whichever the curator named."""
    ids = {edit.id, *edit.others}
    return sorted(ids, key=lambda memory_id: (states[memory_id].memory.created, memory_id))


def _edited(edit: CuratorEdit, states: States, at: str) -> Documents:
    state = states[edit.id]
    return {edit.id: _rewritten(state.document, edit, [memory_text(state.memory)], at)}


def _rewritten(document: Document, edit: CuratorEdit, before: list[str], at: str) -> Document:
    """The document with the edit's title and body; claims that are new make its evidence `inference`."""
    values: dict[str, Value] = {"modified": at}
    title = edit.title or document.get("title")
    body = document.body if edit.body is None else edit.body
    if edit.title:
        values["title"] = edit.title
    if adds_claims(before, f"{title}\n{body}"):
        values["evidence"] = "inference"
    changed = document.with_values(values).with_body(body)
    return changed if edit.title else with_followed_title(document, changed)


def _merged(edit: CuratorEdit, states: States, at: str) -> Documents:
    elder, *younger = merge_order(edit, states)
    files = [MergeInput(states[memory_id].document, states[memory_id].memory) for memory_id in (elder, *younger)]
    merged = merged_document(files[0], files[1:], at)
    replaced = {memory_id: superseded(states[memory_id].document, elder, at) for memory_id in younger}
    return {elder: _rewritten(merged, edit, [memory_text(file.memory) for file in files], at), **replaced}


def _superseded(edit: CuratorEdit, states: States, at: str) -> Documents:
    successor_id = edit.others[0]
    successor = states[successor_id]
    supersedes = tuple(dict.fromkeys((*successor.memory.supersedes, edit.id)))
    return {
        edit.id: superseded(states[edit.id].document, successor_id, at),
        successor_id: successor.document.with_values({"supersedes": supersedes, "modified": at}),
    }


def _retired(edit: CuratorEdit, states: States, at: str) -> Documents:
    return {edit.id: retired(states[edit.id].document, edit.reason, at, BY)}


def _marked(edit: CuratorEdit, states: States, at: str) -> Documents:
    document = states[edit.id].document
    attention = with_question(document.get("attention"), question_asked(edit, at))
    return {edit.id: document.with_values({"attention": attention, "modified": at})}


def question_asked(edit: CuratorEdit, at: str) -> Question:
    """The question that a curator asks; `at`: RFC 3339."""
    if edit.others:
        return Question(CONTRADICTION, edit.others, edit.reason, at[:10])
    return doubt(BY, edit.reason, at)


_EFFECTS: Mapping[str, Callable[[CuratorEdit, States, str], Documents]] = {
    EDIT: _edited,
    MERGE: _merged,
    SUPERSEDE: _superseded,
    RETIRE: _retired,
    ASK: _marked,
}
"""The forms that change files. An added memory is written like any other candidate; a verdict changes nothing."""
