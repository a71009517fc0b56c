"""Comparing recall before and after a dream: recorded queries run again, and the answers that would be lost.

Invariant: comparing a side with itself loses nothing, and a lost answer is in no answer of the later side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memcli.core.session.reads import RECALL, Read

TOP = 3
"""An active memory that drops out of an answer counts as lost only where it was among so many first ones."""
MOST_QUERIES, MOST_IDS = 50, 50
MOST_CHARACTERS = 2_000
"""Characters of a query that are run again."""


@dataclass(frozen=True)
class RecordedQuery:
    """A recorded query. `limit`: how many answers were asked for; `ids`: all memories that ever answered it."""

    query: str
    like: str
    limit: int
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Successor:
    """What stands in the place of a memory on one side: itself while it is active, else the active memory that replaced
    it (`id`), else nothing (None).

    `reason`: what became of the memory, empty where it is active. `title` and `blob` are those of the last memory in
    the line of successors.
    """

    id: str | None
    title: str
    blob: str
    reason: str = ""


@dataclass(frozen=True)
class RecallSide:
    """Measures of a store: active memories, tokens of the front page, of the average pack and of its open questions
    (None: no pack was made), the successors of the memories that answered the queries, and the ids that answer them
    now."""

    active: int
    front_tokens: int
    pack_tokens: int | None
    question_tokens: int | None
    successors: Mapping[str, Successor]
    answers: Mapping[RecordedQuery, tuple[str, ...]]


@dataclass(frozen=True)
class LostAnswer:
    """A recorded query that a memory answers before, but neither it nor a successor answers after."""

    query: str
    id: str
    title: str
    reason: str


def recorded_queries(reads: Sequence[Read]) -> tuple[RecordedQuery, ...]:
    """The distinct recalls of the present state that had an answer, newest first. `reads` are ordered oldest first."""
    queries: dict[tuple[str, str], RecordedQuery] = {}
    for read in reversed(reads):
        if read.op != RECALL or not read.of_now or not read.ids or not read.query.strip():
            continue
        query = _query_of(read)
        newer = queries.get((query.query, query.like))
        if newer is None and len(queries) == MOST_QUERIES:
            continue
        queries[query.query, query.like] = _combined(newer, query) if newer else query
    return tuple(queries.values())


def _query_of(read: Read) -> RecordedQuery:
    like, number = read.parameters.get("like"), read.parameters.get("n")
    limit = number if isinstance(number, int) and number > 0 else 10
    text = " ".join(read.query.split())[:MOST_CHARACTERS]
    like_text = (like if isinstance(like, str) else "")[:MOST_CHARACTERS]
    ids = tuple(memory_id for memory_id, _ in read.ids[:MOST_IDS])
    return RecordedQuery(text, like_text, min(limit, MOST_IDS), ids)


def _combined(query: RecordedQuery, other: RecordedQuery) -> RecordedQuery:
    ids = dict.fromkeys((*query.ids, *other.ids))
    return RecordedQuery(query.query, query.like, max(query.limit, other.limit), tuple(ids)[: 2 * MOST_IDS])


def choose_queries(
    queries: Sequence[RecordedQuery],
    before: Mapping[str, Successor],
    after: Mapping[str, Successor],
    least: int,
    most: int,
) -> tuple[RecordedQuery, ...]:
    """The queries to run again.

    First those that each cover further changed memories, then others answered by changed memories: at least `least` of
    these where there are as many. Then any others, up to `most` in total.
    """
    covering, changed, unchanged = list[RecordedQuery](), list[RecordedQuery](), list[RecordedQuery]()
    covered = set[str]()
    for query in queries:
        ids = {memory_id for memory_id in query.ids if _has_changed(before.get(memory_id), after.get(memory_id))}
        (covering if ids - covered else changed if ids else unchanged).append(query)
        covered |= ids
    first = [*covering, *changed][: max(least, most)]
    return (*first, *unchanged[: max(0, most - len(first))])


def _has_changed(before: Successor | None, after: Successor | None) -> bool:
    return before is not None and before.id is not None and before != after


def lost_answers(queries: Iterable[RecordedQuery], before: RecallSide, after: RecallSide) -> tuple[LostAnswer, ...]:
    """The answers that would be lost.

    For a query that was not run on both sides, a memory that had a successor and has none now counts as lost.
    """
    return tuple(lost for query in queries for lost in _lost_to(query, before, after))


def _lost_to(query: RecordedQuery, before: RecallSide, after: RecallSide) -> Iterator[LostAnswer]:
    """The lost answers of one query, each memory once."""
    seen = set[str]()
    for memory_id in query.ids:
        old, new = before.successors.get(memory_id), after.successors.get(memory_id)
        if old is None or old.id is None or old.id in seen:
            continue
        seen.add(old.id)
        reason = _why_lost(old.id, new, before.answers.get(query), after.answers.get(query))
        if reason is not None:
            yield LostAnswer(query.query, old.id, old.title, reason)


def _why_lost(
    memory_id: str, new: Successor | None, before: Sequence[str] | None, after: Sequence[str] | None
) -> str | None:
    """Why an answer is lost; None where it is not. `before`, `after`: the answers, None where the query was not run."""
    successor = new.id if new else None
    became = new.reason if new else "no longer in the store"
    if before is None or after is None:
        return became if successor is None else None
    if memory_id not in before or successor in after or memory_id in after:
        return None
    if successor != memory_id:
        return became if successor is None else f"{became}, which does not answer this"
    rank = before.index(memory_id) + 1
    return f"was answer {rank}, is not among the {len(after)} answers now" if rank <= TOP else None
