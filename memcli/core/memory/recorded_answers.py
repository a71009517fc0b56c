"""Answers to questions, recorded so that nobody is asked again: lines of the key `resolved`.

A line is `KIND [ID …]: ANSWER on DATE, claims DIGEST[: BECAUSE]`. An answer holds as long as the memories it is about
claim the same: their bodies, keys and times, whatever upkeep has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from memcli.core.memory.fast_yaml import Value, texts
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import Memory
from memcli.core.memory.questions import NEAR_DUPLICATE, QUESTION_KINDS, Question

_DIGITS = 12
_LINE = re.compile(
    rf"({'|'.join(QUESTION_KINDS)})((?: [0-9A-HJKMNP-TV-Z]{{26}})*): (\S.*?) on (\d{{4}}-\d\d-\d\d), "
    rf"claims ([0-9a-f]{{{_DIGITS}}})(?:: (\S.*))?"
)


@dataclass(frozen=True)
class Answer:
    """A person's or an agent's answer to a question: `kept both`, `still true`; `claims`: the digest of the memories
    that it is about, `day`: when it was given."""

    kind: str
    with_ids: tuple[str, ...]
    answer: str
    day: str
    claims: str
    because: str = ""

    @property
    def line(self) -> str:
        """The answer as one line, which `parse_answer_line` reads."""
        head = f"{' '.join((self.kind, *self.with_ids))}: {self.answer} on {self.day}, claims {self.claims}"
        because = " ".join(self.because.split())
        return f"{head}: {because}" if because else head


def parse_answer_line(line: str) -> Answer | None:
    """The answer in a line; None for any other text."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    kind, ids, answer, day, claims, because = match.groups()
    return Answer(kind, tuple(ids.split()), answer, day, claims, because or "")


def claims_digest(question: Question, memory: Memory, others: Iterable[Memory] = ()) -> str:
    """A digest of what the memories of a question claim; of a question about one memory alone also of its reason."""
    import hashlib
    import json

    members = sorted((memory, *others), key=lambda member: member.id)
    claims: list[object] = [claims_of(member) for member in members]
    if not question.with_ids:
        claims.append([question.kind, " ".join(question.reason.split())])
    return hashlib.sha256(json.dumps(claims, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def claims_of(memory: Memory) -> list[str | None]:
    """What a memory claims, whatever upkeep has changed in it."""
    times = (format_instant(time) if time else None for time in (memory.valid_from, memory.valid_to))
    return [memory.id, memory.key, *times, " ".join(memory.body.split())]


def with_answer(resolved: Value, answer: Answer) -> tuple[str, ...]:
    """`resolved` with an answer in place of an earlier one about the same memories or the same claims."""
    kept = [line for line in texts(resolved) if not _is_replaced(parse_answer_line(line), answer)]
    return (*kept, answer.line)


def _is_replaced(earlier: Answer | None, answer: Answer) -> bool:
    if earlier is None or sorted(earlier.with_ids) != sorted(answer.with_ids):
        return False
    return bool(answer.with_ids) or (earlier.kind, earlier.claims) == (answer.kind, answer.claims)


def is_answered(question: Question, memory: Memory, others: Iterable[Memory] = ()) -> bool:
    """Whether the question about a memory, with the other memories it involves, has an answer that still holds."""
    others = tuple(others)
    asked = {memory.id, *question.with_ids}
    answers = [
        answer
        for owner in (memory, *others)
        for answer in map(parse_answer_line, owner.resolved)
        if answer and {owner.id, *answer.with_ids} == asked
    ]
    claims = claims_digest(question, memory, others) if answers else ""
    return any(answer.claims == claims for answer in answers)


def is_answered_pair(memory: Memory, other: Memory) -> bool:
    """Whether somebody has settled how these two memories belong together, and neither claims anything else since."""
    if not (memory.resolved or other.resolved):
        return False
    return is_answered(Question(NEAR_DUPLICATE, (other.id,), "", ""), memory, [other])
