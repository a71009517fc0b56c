"""What a dream does to recall, measured: tokens of the front page and of packs, and the recorded questions asked again,
before and after.

Nothing but the index is asked, by words alone: the same reads and trees give the same measures. The views are opened
one after the other, the one before twice: who stands for a memory on both sides decides which questions are worth it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from memcli.core.dream.recall_comparison import (
    LostAnswer,
    RecallSide,
    RecordedQuery,
    Successor,
    choose_queries,
    lost_answers,
    recorded_queries,
)
from memcli.core.pack.front_page import page_of
from memcli.core.session.reads import HYDRATE, Read
from memcli.core.text.tokens import token_count
from memcli.index.database.view import View
from memcli.index.search.ranking import best
from memcli.operations.dream.successors import successors_of
from memcli.operations.recall.hydrate import MAX_TASK
from memcli.operations.recall.pack_sections import PackContext, PackSource, gather_offers
from memcli.operations.recall.packing import build_pack, pack_heading, pack_room, policy_tokens
from memcli.workspace import Workspace

ROOM_TO_ASK, ROOM_TO_PACK = 40_000, 20_000
"""Memories that are searched for questions and for packs, on each side: so many questions times active memories. Of
10,000 a question costs 25 ms, a pack 40; of 100,000 ten times that."""
LEAST_ASKED, MOST_ASKED, MOST_PACKS = 1, 50, 10
Opened = Callable[[], AbstractContextManager[View]]


@dataclass(frozen=True)
class RecallMeasures:
    """(before, after) of the active memories, the front page's tokens and the average pack's (None: none was made);
    `recorded`: distinct questions of the reads, `replayed`: how many of them were asked again."""

    active: tuple[int, int]
    front_tokens: tuple[int, int]
    pack_tokens: tuple[int | None, int | None]
    recorded: int
    replayed: int
    lost: tuple[LostAnswer, ...]


def measure_recall(workspace: Workspace, before: Opened, after: Opened, reads: Sequence[Read]) -> RecallMeasures:
    """Measure both sides; each is opened when it is needed, never both at once. `reads` come oldest first."""
    questions = recorded_queries(reads)
    ids = {memory_id for one in questions for memory_id in one.ids}
    with before() as view:
        stood = successors_of(view, ids)
        size = max(1, view.count())
    with after() as view:
        stand = successors_of(view, ids)
        most = min(MOST_ASKED, ROOM_TO_ASK // size)
        asked = choose_queries(questions, stood, stand, LEAST_ASKED, most)
        tasks = recorded_tasks(reads, max(1, min(MOST_PACKS, ROOM_TO_PACK // size)))
        new = _side(workspace, view, stand, asked, tasks)
    with before() as view:
        old = _side(workspace, view, stood, asked, tasks)
    return RecallMeasures(
        (old.active, new.active),
        (old.front_tokens, new.front_tokens),
        (old.pack_tokens, new.pack_tokens),
        len(questions),
        len(asked),
        lost_answers(questions, old, new),
    )


def _side(
    workspace: Workspace,
    view: View,
    stand: Mapping[str, Successor],
    asked: Iterable[RecordedQuery],
    tasks: Sequence[str],
) -> RecallSide:
    answers = {one: tuple(best(view, one.query, limit=one.limit, like=one.like)) for one in asked}
    return RecallSide(view.count(), front_page_tokens(view), pack_tokens(workspace, view, tasks), stand, answers)


def front_page_tokens(view: View) -> int:
    """The tokens of the front page of a view."""
    return token_count(page_of(view))


def recorded_tasks(reads: Sequence[Read], most: int = MOST_PACKS) -> tuple[str, ...]:
    """The distinct tasks of the recorded packs, newest first; where there are none, no task."""
    said = (read.query.strip()[:MAX_TASK] for read in reversed(reads) if read.op == HYDRATE)
    return tuple(dict.fromkeys(filter(None, said)))[:most] or ("",)


def pack_tokens(workspace: Workspace, view: View, tasks: Sequence[str]) -> int | None:
    """The average tokens of the packs for these tasks, whatever branch is checked out; None without tasks."""
    tip = workspace.tip()[1]
    source = PackSource(view, PackContext(), workspace.layout, tip, workspace.selection.name)
    limit = pack_room(policy_tokens(workspace.layout, tip))
    sizes = [token_count(_pack(replace(source, context=PackContext(task)), workspace.now, limit)) for task in tasks]
    return round(sum(sizes) / len(sizes)) if sizes else None


def _pack(source: PackSource, now: datetime, limit: int) -> str:
    heading = pack_heading(source.context, source.view.tree, now)
    return build_pack(heading, gather_offers(source), limit).text
