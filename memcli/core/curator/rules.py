"""What an edit of each form has to fulfil beside naming what is there; each rule answers `` or why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import combinations

from memcli.core.curator.answer import Edit
from memcli.core.curator.effects import Known, group
from memcli.core.curator.job import ASK, EDIT, GENERALISE, MERGE, RETIRE, SUPERSEDE, Job
from memcli.core.curator.losses import contradiction, lost
from memcli.core.dream.merged_memory import MUST_AGREE
from memcli.core.finding import blocking
from memcli.core.memory.document import DocumentError, compose
from memcli.core.memory.key_types import TOPIC_PATTERN
from memcli.core.memory.memory import KINDS, TYPES, Memory
from memcli.core.pack.frame import strip
from memcli.core.review.candidates import ADDED, Candidate, normalised_body
from memcli.core.review.checks import check_write
from memcli.core.review.checks.context import said
from memcli.core.review.checks.form import escapes
from memcli.core.review.checks.keys import strength
from memcli.core.review.secrets import secret_findings

APPROVE, LEAVE, REJECT = "approve", "ask", "reject"
VERDICTS = (APPROVE, LEAVE, REJECT)
MOST_MERGED = 10
"""Memories in one: each is compared with each."""
_SAME = (*MUST_AGREE, "valid_from")


def unfit(edit: Edit) -> str:
    """What may not stand in a report, a commit, a terminal or, as mem has handed it out, in a memory."""
    if edit.body and strip(edit.body, torn=False) != edit.body:
        return "its body holds a pack that mem handed out"
    words = "\n".join([edit.reason, edit.title or "", *(one.reason for one in edit.rejects)])
    whole = Candidate("", ADDED, "", None, None, "", words)
    found = [*secret_findings(words, ""), *escapes(whole)]
    return f"its reason or title: {found[0].check}" if found else ""


def rewriting(edit: Edit, known: Known, _: Job) -> str:
    """An edit says the same in other words."""
    memory = known[edit.id].memory
    title, body = edit.title or memory.title, memory.body if edit.body is None else edit.body
    if (title, normalised_body(body)) == (memory.title, normalised_body(memory.body)):
        return "it changes nothing"
    return _lost(memory, title, body)


def _lost(memory: Memory, title: str, body: str) -> str:
    """What a new text lacks of a memory: its body has to stand without the title, which recall may leave out."""
    return lost(memory.body, body) or lost(memory.title, f"{title}\n{body}")


def merging(edit: Edit, known: Known, _: Job) -> str:
    """A merge is of memories that agree, and keeps what each of them says."""
    if not edit.others:
        return "'from' names no memory"
    if len(edit.others) >= MOST_MERGED:
        return f"more than {MOST_MERGED} memories in one"
    elder, *younger = (known[memory_id].memory for memory_id in group(edit, known))
    for name in _SAME:
        if any(getattr(one, name) != getattr(elder, name) for one in younger):
            return f"they differ in '{name}'"
    if any(one.key for one in younger):
        return "the key of a younger one would be lost: supersede it, or ask a person"
    reasons = (_lost(one, edit.title or elder.title, edit.body or "") for one in (elder, *younger))
    if reason := next(filter(None, reasons), ""):
        return reason
    for one, other in combinations([elder, *younger], 2):
        if kind := contradiction(said(one), said(other)):
            return f"they contradict each other ({kind}): supersede one, or ask a person"
    return ""


def superseding(edit: Edit, known: Known, job: Job) -> str:
    """A supersession is of two that the job has put together, and not by weaker evidence."""
    old, new = known[edit.id].memory, known[edit.others[0]].memory
    one_key = old.key is not None and old.key == new.key
    if not one_key and not any({old.id, new.id} <= set(pair.ids) for pair in job.pairs):
        return "the two are no pair of this job"
    if one_key and (new.starts, new.id) < (old.starts, old.id):
        return "under one key the later one holds"
    if strength(old) > strength(new):
        return f"it rests on stronger evidence ({old.evidence}): ask a person"
    return ""


def standing(_: Edit, __: Known, ___: Job) -> str:
    """Nothing more is asked."""
    return ""


SENSE: Mapping[str, Callable[[Edit, Known, Job], str]] = {
    EDIT: rewriting,
    MERGE: merging,
    SUPERSEDE: superseding,
    RETIRE: standing,
    ASK: standing,
}


def addition(edit: Edit, job: Job) -> str:
    """A new memory has words of the store's, a ground where the job asks for one, and passes the checks of a write."""
    if edit.kind not in KINDS:
        return f"kind is one of {', '.join(KINDS)}"
    if edit.type not in TYPES:
        return f"type is one of {', '.join(TYPES)}"
    if not all(TOPIC_PATTERN.fullmatch(word) for word in (edit.topic, *edit.tags)):
        return "topic and tags are lower-case words joined by '-'"
    if job.kind == GENERALISE and not edit.others:
        return "'based_on' has to name what it was concluded from"
    if any(normalised_body(edit.body or "") in normalised_body(one.text) for one in job.candidates):
        return "a candidate says it already"
    return _unwritable(edit)


def _unwritable(edit: Edit) -> str:
    front = {"id": "0" * 26, "title": edit.title, "kind": edit.kind, "type": edit.type, "topic": edit.topic,
             "tags": edit.tags, "created": "1970-01-01T00:00:00Z"}  # fmt: skip
    try:
        text = compose(front, edit.body or "").text()
    except DocumentError as error:
        return f"it makes no memory: {error.message}"
    found = blocking(check_write(text, f"{edit.kind}/{edit.topic}/new.md"))
    return "; ".join(dict.fromkeys(f"{one.check}: {one.message}" for one in found))


def verdict(edit: Edit, job: Job, moved: Collection[str]) -> str:
    """A verdict is one of three words, about candidates that are still what was judged."""
    if edit.verdict not in VERDICTS:
        return f"a verdict is one of {', '.join(VERDICTS)}"
    if job.session in moved:
        return "the session has changed since the job was made"
    if {one.id for one in edit.rejects} - {one.id for one in job.candidates}:
        return "rejects what is no candidate of this job"
    return ""
