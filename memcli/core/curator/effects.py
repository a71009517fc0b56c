"""What an accepted edit makes of the memories' files. What a union holds is said in `consolidation.unite`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from memcli.core.curator.answer import Edit
from memcli.core.curator.job import ASK, EDIT, MERGE, RETIRE, SUPERSEDE
from memcli.core.curator.losses import adds
from memcli.core.dream.merged_memory import merged_document
from memcli.core.memory.attention import with_remark
from memcli.core.memory.document import Document, Value
from memcli.core.memory.memory import Memory
from memcli.core.memory.retirement import retired, superseded
from memcli.core.memory.schema import read_memory
from memcli.core.review.checks.context import said

BY, REMARK = "curator", "curator: "


@dataclass(frozen=True)
class Held:
    """A memory of the job as the edits before have left it."""

    document: Document
    memory: Memory
    editable: bool
    path: str = ""


Known = Mapping[str, Held]
Documents = dict[str, Document]


def effect(edit: Edit, known: Known, at: str) -> Documents:
    """{id: the file as it is to be}; `at`: RFC 3339. Raises DocumentError beyond the limits of front matter."""
    makes = _EFFECTS.get(edit.form)
    made = makes(edit, known, at) if makes else {}
    return {memory_id: one for memory_id, one in made.items() if known[memory_id].editable}


def group(edit: Edit, known: Known) -> list[str]:
    """The ids that a merge is of, the eldest first: that one stays, whichever the curator has named."""
    ids = {edit.id, *edit.others}
    return sorted(ids, key=lambda memory_id: (known[memory_id].memory.created, memory_id))


def _edited(edit: Edit, known: Known, at: str) -> Documents:
    return {edit.id: _rewritten(known[edit.id].document, edit, [said(known[edit.id].memory)], at)}


def _rewritten(document: Document, edit: Edit, before: list[str], at: str) -> Document:
    """Other words in a memory; what nobody has said before is the curator's inference."""
    values: dict[str, Value] = {"modified": at}
    title = edit.title or document.get("title")
    body = document.body if edit.body is None else edit.body
    if edit.title:
        values["title"] = edit.title
    if adds(before, f"{title}\n{body}"):
        values["evidence"] = "inference"
    changed = document.with_values(values)
    return changed if body == document.body else changed.with_body(body)


def _merged(edit: Edit, known: Known, at: str) -> Documents:
    elder, *younger = group(edit, known)
    whole = known[elder].document
    for memory_id in younger:
        memory, _ = read_memory(whole)
        other = known[memory_id]
        whole = merged_document(whole, memory or known[elder].memory, other.document, other.memory, at)
    before = [said(known[memory_id].memory) for memory_id in (elder, *younger)]
    gone = {memory_id: superseded(known[memory_id].document, elder, at) for memory_id in younger}
    return {elder: _rewritten(whole, edit, before, at), **gone}


def _superseded(edit: Edit, known: Known, at: str) -> Documents:
    successor = edit.others[0]
    heir = known[successor]
    lineage = tuple(dict.fromkeys((*heir.memory.supersedes, edit.id)))
    return {
        edit.id: superseded(known[edit.id].document, successor, at),
        successor: heir.document.with_values({"supersedes": lineage, "modified": at}),
    }


def _retired(edit: Edit, known: Known, at: str) -> Documents:
    return {edit.id: retired(known[edit.id].document, edit.reason, at, BY)}


def _marked(edit: Edit, known: Known, at: str) -> Documents:
    document = known[edit.id].document
    remark = with_remark(document.get("attention"), REMARK, edit.reason)
    return {edit.id: document.with_values({"attention": remark, "modified": at})}


_EFFECTS: Mapping[str, Callable[[Edit, Known, str], Documents]] = {
    EDIT: _edited,
    MERGE: _merged,
    SUPERSEDE: _superseded,
    RETIRE: _retired,
    ASK: _marked,
}
"""Forms that change files; a candidate is written as any other, a verdict changes nothing."""
