"""What a dream does to recall, before and after: tokens of the front page and of packs, and recorded queries run again.

Only the index is queried, by words alone, so the same reads and trees give the same measures. One view is open at a
time, the earlier one twice: the queries to run depend on the successors of memories on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from memcli.core.dream.recall_comparison import (
    LostAnswer,
    RecallSide,
    RecordedQuery,
    choose_queries,
    lost_answers,
    recorded_queries,
)
from memcli.core.pack.front_page import page_of
from memcli.core.pack.plan import UNSETTLED
from memcli.core.session.reads import HYDRATE, Read
from memcli.core.text.tokens import token_count
from memcli.git.layout import Layout
from memcli.index.database.view import View
from memcli.index.search.ranking import best
from memcli.operations.dream.successors import successors_of
from memcli.operations.recall.hydrate import MAX_TASK
from memcli.operations.recall.pack_sections import PackContext, PackSource, gather_offers
from memcli.operations.recall.packing import build_pack, pack_heading, pack_room, policy_tokens

QUERY_ROOM, PACK_ROOM = 40_000, 20_000
"""The number of queries and of packs, on each side, times the active memories. In a store of 10,000 a query takes
25 ms and a pack 40 ms; in one of 100,000 ten times as long."""
LEAST_QUERIES, MOST_QUERIES, MOST_PACKS = 1, 50, 10
OpenView = Callable[[], AbstractContextManager[View]]


@dataclass(frozen=True)
class RecallMeasures:
    """(before, after) of the active memories, the front page's tokens, the average pack's, and those of its open
    questions (None: no pack was made).

    `recorded`: distinct queries in the reads; `replayed`: how many of them were run again.
    """

    active: tuple[int, int]
    front_tokens: tuple[int, int]
    pack_tokens: tuple[int | None, int | None]
    question_tokens: tuple[int | None, int | None]
    recorded: int
    replayed: int
    lost: tuple[LostAnswer, ...]


class PackTokens(NamedTuple):
    """Tokens of the average pack, and those of its open questions; None where no pack was made."""

    total: int | None
    questions: int | None


class PackMeter:
    """Measures packs as `mem hydrate` would make them for the caller, whatever branch is checked out."""

    def __init__(self, layout: Layout, tip: str, session: str | None, now: datetime) -> None:
        self._layout, self._tip, self._session, self._now = layout, tip, session, now

    def average_tokens(self, view: View, tasks: Sequence[str]) -> PackTokens:
        """The average tokens of the packs for these tasks; None without tasks."""
        source = PackSource(view, PackContext(), self._layout, self._tip, self._session)
        limit = pack_room(policy_tokens(self._layout, self._tip))
        sizes = [self._tokens(replace(source, context=PackContext(task)), limit) for task in tasks]
        if not sizes:
            return PackTokens(None, None)
        totals, questions = zip(*sizes, strict=True)
        return PackTokens(round(sum(totals) / len(sizes)), round(sum(questions) / len(sizes)))

    def _tokens(self, source: PackSource, limit: int) -> tuple[int, int]:
        """The tokens of a pack, and those that it has for open questions."""
        heading, offers = pack_heading(source.context, source.view.tree, self._now), gather_offers(source)
        items = (replace(item, question="") for item in offers.items if item.section != UNSETTLED)
        settled = replace(offers, items=tuple(items))
        total, without = (token_count(build_pack(heading, side, limit).text) for side in (offers, settled))
        return total, max(0, total - without)


def measure_recall(before: OpenView, after: OpenView, reads: Sequence[Read], meter: PackMeter) -> RecallMeasures:
    """Measure both sides, opening one view at a time. `reads` are ordered oldest first."""
    queries = recorded_queries(reads)
    ids = {memory_id for query in queries for memory_id in query.ids}
    with before() as view:
        old_successors = successors_of(view, ids)
        size = max(1, view.count())
    tasks = recorded_tasks(reads, max(1, min(MOST_PACKS, PACK_ROOM // size)))
    with after() as view:
        new_successors = successors_of(view, ids)
        most = min(MOST_QUERIES, QUERY_ROOM // size)
        chosen = choose_queries(queries, old_successors, new_successors, LEAST_QUERIES, most)
        new = RecallSide(*_measures(view, tasks, meter), new_successors, _answers(view, chosen))
    with before() as view:
        old = RecallSide(*_measures(view, tasks, meter), old_successors, _answers(view, chosen))
    return RecallMeasures(
        (old.active, new.active),
        (old.front_tokens, new.front_tokens),
        (old.pack_tokens, new.pack_tokens),
        (old.question_tokens, new.question_tokens),
        len(queries),
        len(chosen),
        lost_answers(queries, old, new),
    )


def _measures(view: View, tasks: Sequence[str], meter: PackMeter) -> tuple[int, int, int | None, int | None]:
    """(active memories, tokens of the front page, of the average pack, of its open questions)."""
    return view.count(), front_page_tokens(view), *meter.average_tokens(view, tasks)


def _answers(view: View, queries: Sequence[RecordedQuery]) -> dict[RecordedQuery, tuple[str, ...]]:
    return {query: tuple(best(view, query.query, limit=query.limit, like=query.like)) for query in queries}


def front_page_tokens(view: View) -> int:
    """The tokens of the front page of a view."""
    return token_count(page_of(view))


def recorded_tasks(reads: Sequence[Read], most: int = MOST_PACKS) -> tuple[str, ...]:
    """The distinct tasks of the recorded packs, newest first; one empty task where there are none."""
    tasks = (read.query.strip()[:MAX_TASK] for read in reversed(reads) if read.op == HYDRATE)
    return tuple(dict.fromkeys(filter(None, tasks)))[:most] or ("",)
