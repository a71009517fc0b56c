"""A store before and after: the questions that were asked of it, asked again, and which answers would be lost.

Invariant: comparing a side with itself loses nothing, and what is called lost is in no answer of the later side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memcli.core.session.reads import RECALL, Read

FIRST = 3
"""A memory that still stands may fall out of an answer; that counts only where it was among so many first ones."""
MOST_QUESTIONS, MOST_ASKED_FOR = 50, 50
MOST_TEXT = 2_000
"""Characters of a query that are asked again."""


@dataclass(frozen=True)
class Question:
    """A recorded query; `limit`: how many answers were wanted, `ids`: all memories it was ever answered with."""

    query: str
    like: str
    limit: int
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Who stands for a memory on one side: itself while it is active, else its heir (`speaker`), else nobody (None);
    `reason`: what became of it, empty for itself. `title` and `blob` are those of the last in that line."""

    speaker: str | None
    title: str
    blob: str
    reason: str = ""


@dataclass(frozen=True)
class Side:
    """A store as it was measured: active memories, tokens of its front page and of the average pack (None: none was
    made), who stands for the memories in question, and the ids that answer the questions that were asked of it."""

    active: int
    front_tokens: int
    pack_tokens: int | None
    standings: Mapping[str, Standing]
    answers: Mapping[Question, tuple[str, ...]]


@dataclass(frozen=True)
class Lost:
    """A recorded query that a memory answers before and neither it nor an heir answers after; why, without ids."""

    query: str
    id: str
    title: str
    reason: str


def questions_of(reads: Sequence[Read]) -> tuple[Question, ...]:
    """The distinct recalls of the present that found something, newest first, of reads that come oldest first."""
    found: dict[tuple[str, str], Question] = {}
    for read in reversed(reads):
        if read.op != RECALL or not read.of_now or not read.ids or not read.query.strip():
            continue
        one = _question(read)
        known = found.get((one.query, one.like))
        if known is None and len(found) == MOST_QUESTIONS:
            continue
        found[one.query, one.like] = _joined(known, one) if known else one
    return tuple(found.values())


def _question(read: Read) -> Question:
    like, wanted = read.parameters.get("like"), read.parameters.get("n")
    limit = wanted if isinstance(wanted, int) and wanted > 0 else 10
    text = " ".join(read.query.split())[:MOST_TEXT], (like if isinstance(like, str) else "")[:MOST_TEXT]
    return Question(*text, min(limit, MOST_ASKED_FOR), tuple(one for one, _ in read.ids[:MOST_ASKED_FOR]))


def _joined(one: Question, other: Question) -> Question:
    ids = dict.fromkeys((*one.ids, *other.ids))
    return Question(one.query, one.like, max(one.limit, other.limit), tuple(ids)[: 2 * MOST_ASKED_FOR])


def chosen(
    questions: Sequence[Question], before: Mapping[str, Standing], after: Mapping[str, Standing], least: int, most: int
) -> tuple[Question, ...]:
    """Which questions to ask again: first those that tell of ever more memories that have changed, then others that
    were answered with such, at least `least` of them, then any, as long as there are no more than `most`."""
    telling, others, rest, told = list[Question](), list[Question](), list[Question](), set[str]()
    for one in questions:
        moved = {memory for memory in one.ids if _moved(before.get(memory), after.get(memory))}
        (telling if moved - told else others if moved else rest).append(one)
        told |= moved
    changed = [*telling, *others][: max(least, most)]
    return (*changed, *rest[: max(0, most - len(changed))])


def _moved(before: Standing | None, after: Standing | None) -> bool:
    return before is not None and before.speaker is not None and before != after


def lost(questions: Iterable[Question], before: Side, after: Side) -> tuple[Lost, ...]:
    """The answers that would be lost. Where a question was not asked of both sides, what had somebody to stand for it
    and no longer has counts as lost."""
    return tuple(loss for one in questions for loss in _lost(one, before, after))


def _lost(question: Question, before: Side, after: Side) -> Iterator[Lost]:
    then, now = before.answers.get(question), after.answers.get(question)
    told = set[str]()
    for memory in question.ids:
        was, became = before.standings.get(memory), after.standings.get(memory)
        if was is None or was.speaker is None or was.speaker in told:
            continue
        told.add(was.speaker)
        speaker = became.speaker if became else None
        reason = became.reason if became else "no longer in the store"
        if then is None or now is None:
            if speaker is None:
                yield Lost(question.query, was.speaker, was.title, reason)
        elif was.speaker in then and speaker not in now and was.speaker not in now:
            place = then.index(was.speaker)
            if speaker != was.speaker:
                yield Lost(question.query, was.speaker, was.title, _unanswered(speaker, reason))
            elif place < FIRST:
                yield Lost(question.query, was.speaker, was.title, f"was answer {place + 1}, is none of {len(now)} now")


def _unanswered(speaker: str | None, reason: str) -> str:
    return reason if speaker is None else f"{reason}, which does not answer this"
