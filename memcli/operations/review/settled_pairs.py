"""Kept decisions as one operation takes them, with what the answers to questions about two memories change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from memcli.core.memory import resolution
from memcli.core.memory.document import Document, parse_document
from memcli.core.memory.instants import format_instant
from memcli.core.memory.questions import CONTRADICTION, NEAR_DUPLICATE, Question
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.operations.memories.changes import open_memory
from memcli.operations.review.decisions import CandidateRef, Decisions
from memcli.operations.review.pending_decisions import ACCEPT, REJECT, PendingDecision, ref_of
from memcli.workspace import Workspace


def decisions_to_carry_out(
    workspace: Workspace, decided: Mapping[CandidateRef, PendingDecision], waiting: Sequence[WaitingCandidate]
) -> Decisions:
    """What to promote, reject and edit. What a candidate is kept over goes out of use with the same operation."""
    accepted = {ref: decision for ref, decision in decided.items() if decision.verdict == ACCEPT}
    settling = [
        candidate for candidate in waiting if (made := accepted.get(ref_of(candidate))) and (made.over or made.beside)
    ]
    proposed = {candidate.id: candidate.candidate.new_text for candidate in waiting}
    by = resolution.Decision(format_instant(workspace.now), workspace.actor.name)

    def document_of(memory_id: str, is_stored: bool) -> Document:
        text = None if is_stored else proposed.get(memory_id)
        return parse_document(text) if text else open_memory(workspace, memory_id).document

    edits: dict[CandidateRef, str] = {}
    for candidate in settling:
        documents = _settled(candidate, accepted[ref_of(candidate)], by, document_of)
        edits |= {
            CandidateRef(candidate.session, memory_id): document.text() for memory_id, document in documents.items()
        }
    return Decisions(
        promote=(*accepted, *(ref for ref in edits if ref not in accepted)),
        reject={ref: decision.reason for ref, decision in decided.items() if decision.verdict == REJECT},
        edits=edits,
        keep_both=any(decision.keep_both for decision in accepted.values()),
    )


def _settled(
    waiting: WaitingCandidate,
    decision: PendingDecision,
    by: resolution.Decision,
    document_of: Callable[[str, bool], Document],
) -> Mapping[str, Document]:
    """The candidate with the answers in it, and the memories of the store that it is kept over."""
    documents = {waiting.id: parse_document(waiting.candidate.new_text)}
    for other in (*decision.over, *decision.beside):
        is_over = other in decision.over
        pair = {waiting.id: documents[waiting.id], other: document_of(other, is_over)}
        question = _question(waiting, other, by.day)
        if is_over:
            documents |= resolution.keep_one(question, waiting.id, waiting.id, pair, by)
        else:
            documents[waiting.id] = resolution.keep_all(question, waiting.id, pair, by)[waiting.id]
    return documents


def _question(waiting: WaitingCandidate, other: str, day: str) -> Question:
    """What a finding asks about the two."""
    findings = [finding for finding in waiting.findings if other in finding.with_ids]
    alike = all(finding.check == "near-duplicate" for finding in findings)
    reason = next((finding.message for finding in findings), "compared in a review")
    return Question(NEAR_DUPLICATE if alike else CONTRADICTION, (other,), reason, day)
