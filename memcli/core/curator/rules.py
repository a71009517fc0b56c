"""The rules for an edit of each form, beyond naming memories that exist; each returns why it refuses, or ''."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import combinations

from memcli.core.curator.curator_edit import CuratorEdit
from memcli.core.curator.effects import States, merge_order
from memcli.core.curator.job import ASK, EDIT, GENERALISE, MERGE, RETIRE, SUPERSEDE, Job
from memcli.core.curator.losses import contradiction_kind, describe_loss
from memcli.core.dream.merged_memory import MUST_AGREE
from memcli.core.finding import blocking, findings_text
from memcli.core.memory.document import DocumentError, new_document
from memcli.core.memory.key_types import TOPIC_PATTERN
from memcli.core.memory.memory import KINDS, TYPES, Memory, memory_text, strength
from memcli.core.pack.frame import strip_packs
from memcli.core.review.candidates import normalised_body
from memcli.core.review.checks.runner import check_write, scan_text

APPROVE, LEAVE, REJECT = "approve", "ask", "reject"
VERDICTS = (APPROVE, LEAVE, REJECT)
MOST_MERGED = 10
"""Memories in one merge: each is compared with every other."""
_MUST_AGREE = (*MUST_AGREE, "valid_from")


def check_text(edit: CuratorEdit) -> str:
    """Refuse a reason or title that must not reach a report, commit or terminal, and a body that repeats a pack."""
    if edit.body and strip_packs(edit.body, torn=False) != edit.body:
        return "its body contains a context pack that mem printed"
    text = "\n".join([edit.reason, edit.title or "", *(rejection.reason for rejection in edit.rejects)])
    findings = scan_text(text)
    return f"its reason or title: {findings[0].check}" if findings else ""


def check_rewrite(edit: CuratorEdit, states: States, _: Job) -> str:
    """Refuse a rewrite that changes nothing or loses a claim."""
    memory = states[edit.id].memory
    title, body = edit.title or memory.title, memory.body if edit.body is None else edit.body
    if (title, normalised_body(body)) == (memory.title, normalised_body(memory.body)):
        return "it changes nothing"
    return _loss(memory, title, body)


def _loss(memory: Memory, title: str, body: str) -> str:
    """What a new text loses. The body must be complete without the title, which recall may leave out."""
    return describe_loss(memory.body, body) or describe_loss(memory.title, f"{title}\n{body}")


def check_merge(edit: CuratorEdit, states: States, _: Job) -> str:
    """Refuse to merge memories that disagree, and a merge that loses a key or a claim of any of them."""
    if not edit.others:
        return "'from' names no memory"
    if len(edit.others) >= MOST_MERGED:
        return f"more than {MOST_MERGED} memories in one"
    elder, *younger = (states[memory_id].memory for memory_id in merge_order(edit, states))
    for name in _MUST_AGREE:
        if any(getattr(memory, name) != getattr(elder, name) for memory in younger):
            return f"they differ in '{name}'"
    if any(memory.key for memory in younger):
        return "the key of a younger one would be lost: supersede it, or ask a person"
    losses = (_loss(memory, edit.title or elder.title, edit.body or "") for memory in (elder, *younger))
    if loss := next(filter(None, losses), ""):
        return loss
    for memory, other in combinations([elder, *younger], 2):
        if kind := contradiction_kind(memory_text(memory), memory_text(other)):
            return f"they contradict each other ({kind}): supersede one, or ask a person"
    return ""


def check_supersession(edit: CuratorEdit, states: States, job: Job) -> str:
    """Refuse a supersession of two that are no pair of the job, and one by an earlier or weaker memory."""
    old, new = states[edit.id].memory, states[edit.others[0]].memory
    same_key = old.key is not None and old.key == new.key
    if not same_key and not any({old.id, new.id} <= set(pair.ids) for pair in job.pairs):
        return "the two are not a pair of this job"
    if same_key and (new.starts, new.id) < (old.starts, old.id):
        return "of two with one key the later one holds"
    if strength(old) > strength(new):
        return f"it has stronger evidence ({old.evidence}): ask a person"
    return ""


def no_check(_: CuratorEdit, __: States, ___: Job) -> str:
    """Accept any edit of this form."""
    return ""


CHECKS: Mapping[str, Callable[[CuratorEdit, States, Job], str]] = {
    EDIT: check_rewrite,
    MERGE: check_merge,
    SUPERSEDE: check_supersession,
    RETIRE: no_check,
    ASK: no_check,
}
"""Form of edit → its rule, for the forms that name existing memories."""


def check_addition(edit: CuratorEdit, job: Job) -> str:
    """Refuse a new memory with unknown kinds or types, without required sources, known already, or not writable."""
    if edit.kind not in KINDS:
        return f"kind must be one of {', '.join(KINDS)}"
    if edit.type not in TYPES:
        return f"type must be one of {', '.join(TYPES)}"
    if not all(TOPIC_PATTERN.fullmatch(word) for word in (edit.topic, *edit.tags)):
        return "topic and tags must be lower-case words joined by '-'"
    if job.kind == GENERALISE and not edit.others:
        return "'based_on' must name the memories it was concluded from"
    if any(normalised_body(edit.body or "") in normalised_body(candidate.text) for candidate in job.candidates):
        return "a candidate says it already"
    return _write_findings(edit)


def _write_findings(edit: CuratorEdit) -> str:
    """What the checks of a write say about a new memory."""
    front = {"id": "0" * 26, "title": edit.title, "kind": edit.kind, "type": edit.type, "topic": edit.topic,
             "tags": edit.tags, "created": "1970-01-01T00:00:00Z"}  # fmt: skip
    try:
        text = new_document(front, edit.body or "").text()
    except DocumentError as error:
        return f"not a valid memory: {error.message}"
    findings = blocking(check_write(text, f"{edit.kind}/{edit.topic}/new.md"))
    return findings_text(findings)


def check_verdict(edit: CuratorEdit, job: Job, moved: Collection[str]) -> str:
    """Refuse an unknown verdict, and one about candidates that are not, or no longer, those of the job."""
    if edit.verdict not in VERDICTS:
        return f"verdict must be one of {', '.join(VERDICTS)}"
    if job.session in moved:
        return "the session has changed since the job was made"
    if {rejection.id for rejection in edit.rejects} - {candidate.id for candidate in job.candidates}:
        return "it rejects an id that is not a candidate of this job"
    return ""
