"""`mem recall`: the memories that answer a question, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from memcli.branch import store_to_read
from memcli.core.memory.document import parse_document
from memcli.core.memory.instants import parse_instant, without_day
from memcli.core.memory.staleness import Staleness
from memcli.core.memory.summary import Filters
from memcli.core.review.recorded_text import recordable_value
from memcli.core.session.reads import RECALL
from memcli.core.text.near_names import did_you_mean
from memcli.core.text.tokens import CHARACTERS_PER_TOKEN
from memcli.errors import Usage
from memcli.index.database.view import View
from memcli.index.search.fusion import RULES, WEIGHTED
from memcli.index.search.ranking import Hit, SearchRequest, search
from memcli.operations.memories.narrowing import EVERYTHING, Narrowing, narrow
from memcli.operations.views.chroma_sync import ChromaSync
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.new_read import NewRead
from memcli.operations.views.reader import Reader
from memcli.operations.views.snapshot import Snapshot, time_parameters
from memcli.workspace import Workspace

__all__ = ["RULES", "WEIGHTED", "Hit", "RecallRequest", "Recalled", "recall"]

IN_MEMORY = "the index cannot be written here; it was built in memory"
LINE = 40
"""Characters of a printed hit beside its title and text."""


@dataclass(frozen=True)
class RecallRequest:
    """A query and how it is answered: at most `limit` hits after the first `offset`, with their whole bodies (`full`),
    within `budget` tokens (4 characters each), from the store `as_of` a date or a commit.

    `like` is a hypothetical answer to search for too; `via` is where vectors are searched: `exact`, `chroma`, None as
    `mem.dense` says. `is_recorded`: the caller's session notes it as a read; not where somebody is still typing.
    """

    query: str
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    full: bool = False
    budget: int | None = None
    as_of: str | None = None
    like: str = ""
    fusion: str = WEIGHTED
    via: str | None = None
    narrowing: Narrowing = EVERYTHING
    is_recorded: bool = True
    offset: int = 0


@dataclass(frozen=True)
class Recalled:
    """`tree`: what was searched; `degraded`: why something is missing, or None; `texts`: the bodies, where asked for;
    `staleness`: that of each hit against the code, by id.

    `left_out` counts hits that did not fit the budget; `abstained`: nothing relevant is known. `as_of`: the snapshot
    that was searched, None for now; `valid_at`: the instant at which the hits held, None for any. `excluded` counts
    memories that were not searched, because they are about excluded code paths.
    """

    query: str
    tree: str
    hits: tuple[Hit, ...]
    texts: Mapping[str, str]
    staleness: Mapping[str, Staleness]
    abstained: bool
    left_out: int = 0
    degraded: str | None = None
    as_of: Snapshot | None = None
    valid_at: str | None = None
    excluded: int = 0
    warnings: tuple[str, ...] = ()


@retry_when_damaged
def recall(workspace: Workspace, request: RecallRequest) -> Recalled:
    """Search the store and the caller's session (or the one to which the request is narrowed), or the store as it was.
    Raises Usage, NoStore, NotFound for an unknown session.

    The staleness of hits is always reported, but ranks them only where today's store is searched.
    """
    if request.fusion not in RULES:
        near = did_you_mean(request.fusion, RULES)
        raise Usage(f"unknown fusion {request.fusion!r}", f"{near} use {' or '.join(RULES)}".strip())
    store_to_read(workspace.layout)  # without a store nothing is made, not even an index
    reader, narrowing = Reader(workspace), request.narrowing
    snapshot = reader.snapshot(request.as_of)
    query, like = recordable_value((request.query, request.like))
    judge, is_today = reader.judge(), snapshot is None and request.filters.valid_at is None
    backend = ChromaSync(reader).backend(request.via, past=snapshot is not None)
    with reader.view_at(snapshot, meaning=True, session=narrowing.session) as view:
        narrowed = narrow(reader, view, request.filters, narrowing, judge)
        filters = narrowed.filters
        excluded = reader.visibility.apply(view, filters)
        backend.attach(view)
        tree = snapshot.tree if snapshot else view.tree
        words = _without_days(query, snapshot, filters)
        search_request = SearchRequest(words, filters, request.offset + request.limit, like=like, fusion=request.fusion)
        result = search(view, search_request, judge.weigh(view) if is_today else None)
        hits_of_page = result.hits[request.offset :]
        records = view.questions.beside([hit.record for hit in hits_of_page])
        all_hits = tuple(replace(hit, record=record) for hit, record in zip(hits_of_page, records, strict=True))
        staleness = judge.of(view, records)
        degraded = backend.unmet or view.degraded
        texts = _bodies(view, all_hits) if request.full else {}
    judge.remember()
    hits = _within(all_hits, texts, request.budget)
    shown = "\n".join(texts.get(hit.record.id, hit.snippet) for hit in hits)
    parameters: dict[str, object] = {"n": request.limit, "full": request.full, "budget": request.budget}
    parameters |= {**time_parameters(snapshot, filters), "like": like, "fusion": request.fusion, "via": request.via}
    if request.is_recorded:
        reader.record_read(NewRead(RECALL, query, parameters, [hit.record for hit in hits], shown, tree))
    if not workspace.index.persistent:
        degraded = degraded or IN_MEMORY
    left_out, valid_at = len(all_hits) - len(hits), filters.valid_at
    return Recalled(
        query, tree, hits, texts, staleness, result.abstained, left_out, degraded, snapshot, valid_at, excluded,
        narrowed.warnings,
    )  # fmt: skip


def _bodies(view: View, hits: Sequence[Hit]) -> dict[str, str]:
    return {hit.record.id: parse_document(view.text(hit.record)).body for hit in hits}


def _without_days(query: str, snapshot: Snapshot | None, filters: Filters) -> str:
    """The query without the days that the caller has asked for beside it, unless it says nothing else."""
    days = [snapshot.at] if snapshot else []
    days += [parse_instant(filters.valid_at)] if filters.valid_at else []
    words = reduce(without_day, days, query)
    return words if words.strip() else query


def _within(hits: tuple[Hit, ...], texts: Mapping[str, str], budget: int | None) -> tuple[Hit, ...]:
    """The best hits whose titles and texts fit; a best hit too large for the budget is left out like any other."""
    if budget is None:
        return hits
    room, kept = budget * CHARACTERS_PER_TOKEN, list[Hit]()
    for hit in hits:
        room -= len(hit.record.title) + len(texts.get(hit.record.id, hit.snippet)) + LINE
        if room < 0:
            break
        kept.append(hit)
    return tuple(kept)
