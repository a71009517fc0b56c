"""`mem recall`: the memories that answer a question, best first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from memcli.core.memory.document import parse_document
from memcli.core.memory.instants import parse_instant, without_day
from memcli.core.memory.staleness import Staleness
from memcli.core.memory.summary import Filters
from memcli.core.review.private import value_without_private
from memcli.core.text.tokens import CHARACTERS_PER_TOKEN
from memcli.errors import Usage
from memcli.index.search.fusion import RULES, WEIGHTED
from memcli.index.search.ranking import Hit, search
from memcli.operations.views.collection import searched
from memcli.operations.views.reader import NewRead, Reader, retried_when_damaged
from memcli.operations.views.snapshot import Snapshot, time_parameters
from memcli.workspace import Workspace

__all__ = ["RULES", "WEIGHTED", "Hit", "Recalled", "recall"]


@dataclass(frozen=True)
class Recalled:
    """`tree`: what was searched; `degraded`: why something is missing, or None; `texts`: the bodies, where asked for;
    `staleness`: how each hit fares against the code, by id.

    `left_out` counts hits that did not fit the budget; `abstained`: nothing relevant is known. `as_of`: the moment at
    which the store was searched, None for now; `valid_at`: the instant at which the hits held, None for any.
    `excluded`: so many memories were not searched, because they are about code paths that memory leaves alone.
    """

    query: str
    tree: str
    hits: tuple[Hit, ...]
    texts: dict[str, str]
    staleness: dict[str, Staleness]
    abstained: bool
    left_out: int = 0
    degraded: str | None = None
    as_of: Snapshot | None = None
    valid_at: str | None = None
    excluded: int = 0


@retried_when_damaged
def recall(
    workspace: Workspace,
    query: str,
    filters: Filters,
    limit: int = 10,
    full: bool = False,
    budget: int | None = None,
    as_of: str | None = None,
    like: str = "",
    fusion: str = WEIGHTED,
    via: str | None = None,
) -> Recalled:
    """Search the store and the caller's session; with `as_of` (a date or a commit), the store as it was known then.

    `budget` bounds the answer in tokens (4 characters each); `like` is an answer as the caller supposes it, searched
    for too; `via` is where vectors are searched: `exact`, `chroma`, None as `mem.dense` says. How hits fare against
    today's code is told, but ranks them only where today's store is asked. Raises Usage.
    """
    if fusion not in RULES:
        raise Usage(f"no fusion {fusion!r}", f"one of {', '.join(RULES)}")
    reader = Reader(workspace)
    then = reader.snapshot(as_of)
    (query, like), _ = value_without_private((query, like))
    judge, today = reader.judge(), then is None and filters.valid_at is None
    way = searched(workspace, via, past=then is not None)
    with reader.view_at(then, meaning=True) as view:
        excluded = reader.visibility.apply(view, filters)
        way.open(view)
        tree = then.tree if then else view.tree
        asked = _timeless(query, then, filters)
        weigh = judge.weigh(view) if today else None
        answer = search(view, asked, filters, limit, like=like, rule=fusion, weigh=weigh)
        staleness = judge.of(view, [hit.record for hit in answer.hits])
        degraded = way.unmet or view.degraded
        texts = {hit.record.id: parse_document(view.text(hit.record)).body for hit in answer.hits} if full else {}
    judge.remember()
    hits = _within(answer.hits, texts, budget)
    shown = "\n".join(texts.get(hit.record.id, hit.snippet) for hit in hits)
    parameters: dict[str, object] = {"n": limit, "full": full, "budget": budget, **time_parameters(then, filters)}
    parameters |= {"like": like, "fusion": fusion, "via": via}
    reader.record_read(NewRead("recall", query, parameters, [hit.record for hit in hits], shown, tree))
    if not workspace.index.persistent:
        degraded = degraded or "the index cannot be written here; it was built in memory"
    left_out = len(answer.hits) - len(hits)
    return Recalled(
        query, tree, hits, texts, staleness, answer.abstained, left_out, degraded, then, filters.valid_at, excluded
    )


def _timeless(query: str, then: Snapshot | None, filters: Filters) -> str:
    """The query without the days that the caller has asked for beside it, unless it says nothing else."""
    days = [then.at] if then else []
    days += [parse_instant(filters.valid_at)] if filters.valid_at else []
    said = reduce(without_day, days, query)
    return said if said.strip() else query


def _within(hits: tuple[Hit, ...], texts: dict[str, str], budget: int | None) -> tuple[Hit, ...]:
    """The best hits whose titles and texts fit; a best hit too large for the budget is left out like any other."""
    if budget is None:
        return hits
    room, kept = budget * CHARACTERS_PER_TOKEN, list[Hit]()
    for hit in hits:
        room -= len(hit.record.title) + len(texts.get(hit.record.id, hit.snippet)) + 40
        if room < 0:
            break
        kept.append(hit)
    return tuple(kept)
