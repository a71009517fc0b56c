"""The open questions of a memory: what only a person can settle, as data and as lines of the key `attention`.

A line is `KIND [ID …]: REASON (since DATE)`. Any other text in `attention`, such as an author's own, is a doubt. A
conflict has no line: it follows from the keys `conflict`, `title_other` and `conflict_other`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from memcli.core.memory.fast_yaml import Value, texts
from memcli.core.memory.identity import short

CONFLICT, CONTRADICTION, NEAR_DUPLICATE, DOUBT = "conflict", "contradiction", "near-duplicate", "doubt"
QUESTION_KINDS = (CONFLICT, CONTRADICTION, NEAR_DUPLICATE, DOUBT)
"""Two versions of one memory; two memories, twice; the code or the reasons of a memory have changed."""
_LINE = re.compile(
    rf"({'|'.join(QUESTION_KINDS)})((?: [0-9A-HJKMNP-TV-Z]{{26}})*): (\S.*) \(since (\d{{4}}-\d\d-\d\d)\)"
)


@dataclass(frozen=True)
class Question:
    """One open question; `with_ids`: the other memories involved, `since`: the day it was first asked.

    The reason of one that involves no other memory begins with its subject: `drifted: src/app.py no longer has 7`.
    """

    kind: str
    with_ids: tuple[str, ...]
    reason: str
    since: str

    @property
    def subject(self) -> tuple[str, ...]:
        """What it asks about: a later question with the same subject takes its place."""
        if not self.with_ids:
            return (self.kind, self.reason.partition(": ")[0] if self.since else self.reason)
        return ("pair" if self.is_shared else self.kind, *sorted(self.with_ids))

    @property
    def is_shared(self) -> bool:
        """Whether it is as much a question of the other memories that it involves."""
        return self.kind in (CONTRADICTION, NEAR_DUPLICATE)

    @property
    def brief(self) -> str:
        """`contradiction with WXYZ12`."""
        return f"{self.kind} with {', '.join(map(short, self.with_ids))}" if self.with_ids else self.kind

    @property
    def text(self) -> str:
        """`contradiction with WXYZ12: differs: 10 against 12`."""
        return f"{self.brief}: {self.reason}"

    def seen_from(self, holder: str, memory_id: str) -> Question:
        """The question of `holder` as a question of another memory that it involves."""
        others = tuple(other for other in self.with_ids if other != memory_id)
        return replace(self, with_ids=(holder, *others))

    @property
    def line(self) -> str:
        """The question as one line, which `parse_question` reads."""
        if not self.since:
            return self.reason
        return f"{' '.join((self.kind, *self.with_ids))}: {' '.join(self.reason.split()) or '?'} (since {self.since})"


def parse_question(text: str) -> Question:
    """The question in a line; a text of any other form is a doubt without a day."""
    match = _LINE.fullmatch(text)
    if match is None:
        return Question(DOUBT, (), text, "")
    kind, ids, reason, since = match.groups()
    return Question(kind, tuple(ids.split()), reason, since)


def listed_questions(attention: Value) -> tuple[Question, ...]:
    """The questions that the key `attention` lists."""
    return tuple(
        question if question.kind != CONFLICT else Question(DOUBT, (), text, "")
        for text in texts(attention)
        for question in [parse_question(text)]
    )


def attention_value(questions: Iterable[Question]) -> tuple[str, ...] | None:
    """The value of `attention` that lists these questions; None without any."""
    return tuple(question.line for question in questions) or None


def dated_questions(attention: Value, day: str) -> tuple[Question, ...]:
    """The questions that `attention` lists; those without a day get this one."""
    return tuple(
        question if question.since else Question(DOUBT, (), " ".join(question.reason.split()), day)
        for question in listed_questions(attention)
    )


def conflict_question(parts: Iterable[str], day: str) -> Question:
    """The question about two versions of a memory that differ in these parts (keys, `body`)."""
    return Question(CONFLICT, (), f"two versions differ in: {', '.join(parts) or 'body'}", day)


def with_question(attention: Value, question: Question) -> tuple[str, ...] | None:
    """`attention` with a question in place of an earlier one on its subject; one that says the same keeps its day."""
    listed = list(listed_questions(attention))
    places = [place for place, other in enumerate(listed) if other.subject == question.subject]
    if not places:
        return attention_value([*listed, question])
    first = listed[places[0]]
    same = (first.kind, first.reason) == (question.kind, " ".join(question.reason.split()))
    listed[places[0]] = first if same else question
    return attention_value(other for place, other in enumerate(listed) if place not in places[1:])


def without_question(attention: Value, question: Question) -> tuple[str, ...] | None:
    """`attention` without the questions on the same subject as this one; None if nothing is left."""
    return attention_value(other for other in listed_questions(attention) if other.subject != question.subject)


def doubt(subject: str, reason: str, day: str) -> Question:
    """A doubt about one memory; `day`: a date or an instant (RFC 3339)."""
    return Question(DOUBT, (), f"{subject}: {reason}", day[:10])
