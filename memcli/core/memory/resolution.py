"""What an answer to a question makes of the memories it is about: {id: document} before, {id: document} after.

The answer is recorded in each of them, and the question is gone from each. The one that is not kept is superseded where
both are one timeline or lineage, else retired.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from memcli.core.memory.document import Document, Value
from memcli.core.memory.identity import short
from memcli.core.memory.instants import format_instant, parse_instant
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import DOUBT, Question, attention_value, listed_questions, without_question
from memcli.core.memory.recorded_answers import Answer, claims_digest, with_answer
from memcli.core.memory.retirement import retired, superseded
from memcli.core.memory.schema import read_memory

Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Decision:
    """Who answered a question, when (RFC 3339), and why; `because` may be empty."""

    at: str
    by: str
    because: str = ""

    @property
    def day(self) -> str:
        return self.at[:10]


def keep_all(question: Question, holder: str, members: Documents, decision: Decision) -> Documents:
    """All memories of a question stay as they are."""
    return _answered(question, holder, members, "kept both", decision)


def keep_one(question: Question, holder: str, kept: str, members: Documents, decision: Decision) -> Documents:
    """One memory stays (or is active again), the other active ones go out of use."""
    memories = {memory_id: _memory_of(document) for memory_id, document in members.items()}
    result, winner = dict(members), memories[kept]
    reason = decision.because or f"{short(kept)} was kept: {question.reason}"
    for memory_id, memory in memories.items():
        if memory_id == kept or memory is None or winner is None or memory.status != "active":
            continue
        if _is_one_line(memory, winner):
            result[memory_id] = superseded(_without_successor(result[memory_id], kept), kept, decision.at)
            result[kept] = result[kept].with_values(_in_force(winner, memory, decision))
        else:
            result[memory_id] = retired(result[memory_id], reason, decision.at, decision.by)
        result[memory_id] = result[memory_id].with_values({"attention": None})
    return _answered(question, holder, result, f"kept {kept}", decision)


def retire(document: Document, decision: Decision) -> Document:
    """A memory goes out of use, with all its questions."""
    reason = decision.because or "no longer holds"
    return retired(document, reason, decision.at, decision.by).with_values({"attention": None})


def edited(question: Question, holder: str, members: Documents, decision: Decision) -> Documents:
    """A memory was corrected so that all may stay."""
    return _answered(question, holder, members, "edited", decision)


def still_true(
    questions: Iterable[Question], holder: str, members: Documents, verified: Mapping[str, Value], decision: Decision
) -> Documents:
    """A memory is still true in spite of its doubts; `verified`: the front matter that says so."""
    result = {**members, holder: members[holder].with_values(verified)}
    for question in questions:
        involved = {memory_id: result[memory_id] for memory_id in (holder, *question.with_ids) if memory_id in result}
        result[holder] = _answered(question, holder, involved, "still true", decision)[holder]
    return {holder: result[holder]}


def without_mentions(document: Document, memory_id: str) -> Document:
    """A memory's file without the questions that a memory that went out of use has settled."""
    kept = [
        question
        for question in listed_questions(document.get("attention"))
        if question.kind == DOUBT or memory_id not in question.with_ids
    ]
    return document.with_values({"attention": attention_value(kept)})


def _answered(question: Question, holder: str, members: Documents, answer: str, decision: Decision) -> Documents:
    """The members with the answer in each, and without the question."""
    memories = {memory_id: memory for memory_id, each in members.items() if (memory := _memory_of(each))}
    result = dict(members)
    for memory_id, memory in memories.items():
        others = tuple(other for other in _involved(question, holder) if other != memory_id)
        own = Question(question.kind, others, question.reason, question.since)
        digest = claims_digest(own, memory, (memories[other] for other in others if other in memories))
        line = Answer(question.kind, others, answer, decision.day, digest, decision.because)
        document = result[memory_id]
        values = {
            "attention": without_question(document.get("attention"), own),
            "resolved": with_answer(document.get("resolved"), line),
            "modified": decision.at,
        }
        result[memory_id] = document.with_values(values)
    return result


def _involved(question: Question, holder: str) -> tuple[str, ...]:
    return (holder, *question.with_ids)


def _memory_of(document: Document) -> Memory | None:
    return read_memory(document)[0]


def _is_one_line(memory: Memory, other: Memory) -> bool:
    """Whether two memories are on one timeline, or one supersedes the other."""
    same_key = memory.key is not None and memory.key == other.key
    return same_key or other.id in memory.supersedes or memory.id in other.supersedes


def _without_successor(document: Document, successor: str) -> Document:
    """A memory that no longer claims to supersede the one that now supersedes it."""
    earlier = document.get("supersedes")
    listed = earlier if isinstance(earlier, tuple) else (earlier,) if earlier else ()
    return document.with_values({"supersedes": tuple(each for each in listed if each != successor) or None})


def _in_force(winner: Memory, loser: Memory, decision: Decision) -> dict[str, Value]:
    """The front matter with which a memory is the last of its line."""
    values: dict[str, Value] = {"status": "active", "superseded_by": None}
    if winner.key is None or winner.key != loser.key:
        return {**values, "supersedes": tuple(dict.fromkeys((*winner.supersedes, loser.id)))}
    if (winner.starts, winner.id) > (loser.starts, loser.id):
        return values
    start = max(parse_instant(decision.at), loser.starts + timedelta(seconds=1))
    valid_to = None if winner.valid_to is None or winner.valid_to <= start else format_instant(winner.valid_to)
    return {**values, "valid_from": format_instant(start), "valid_to": valid_to}
