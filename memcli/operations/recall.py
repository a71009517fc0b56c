"""`mem recall`: the memories that answer a question, best first."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.document import parse
from memcli.core.record import Filters
from memcli.core.staleness import Staleness
from memcli.index.search import Hit, search
from memcli.operations.reading import open_view, record_read
from memcli.operations.staleness import Judge
from memcli.workspace import Workspace

__all__ = ["Hit", "Recalled", "recall"]

CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Recalled:
    """`tree`: what was searched; `degraded`: why something is missing, or None; `texts`: the bodies, where asked for;
    `staleness`: how each hit fares against the code, by id.

    `left_out` counts hits that did not fit the budget; `abstained`: nothing relevant is known.
    """

    query: str
    tree: str
    hits: tuple[Hit, ...]
    texts: dict[str, str]
    staleness: dict[str, Staleness]
    abstained: bool
    left_out: int = 0
    degraded: str | None = None


def recall(
    workspace: Workspace, query: str, filters: Filters, limit: int = 10, full: bool = False, budget: int | None = None
) -> Recalled:
    """Search the store and the caller's session. `budget` bounds the answer in tokens (4 characters each)."""
    ref, _ = workspace.tip()
    judge = Judge(workspace)
    with open_view(workspace, meaning=True) as view:
        answer = search(view, query, filters, limit, weigh=judge.weigh(view))
        staleness = judge.of(view, [hit.record for hit in answer.hits])
        degraded = view.degraded
        texts = {hit.record.id: parse(view.text(hit.record)).body for hit in answer.hits} if full else {}
    judge.remember()
    manifest = workspace.index.manifest(ref)
    hits = _within(answer.hits, texts, budget)
    shown = "\n".join(texts.get(hit.record.id, hit.snippet) for hit in hits)
    parameters: dict[str, object] = {"n": limit, "full": full, "budget": budget}
    record_read(workspace, "recall", query, parameters, [hit.record for hit in hits], shown)
    tree = manifest.tree if manifest else ""
    if not workspace.index.persistent:
        degraded = degraded or "the index cannot be written here; it was built in memory"
    left_out = len(answer.hits) - len(hits)
    return Recalled(query, tree, hits, texts, staleness, answer.abstained, left_out, degraded)


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
