"""What stands in the place of a memory in a store: itself while active, else what superseded it or absorbed it."""

from __future__ import annotations

from collections.abc import Iterable

from memcli.core.dream.recall_comparison import Successor
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.summary import MemorySummary
from memcli.index.database.view import View

MOST_LINKS = 20
"""How far a line of successors is followed: a store from elsewhere may contain a cycle."""
_BATCH = 500


def successors_of(view: View, ids: Iterable[str]) -> dict[str, Successor]:
    """The successor of each of these memories that is in the view, by id."""
    wanted, summaries = sorted(set(ids)), dict[str, MemorySummary]()
    for start in range(0, len(wanted), _BATCH):
        summaries |= view.by_ids(wanted[start : start + _BATCH])
    return {memory_id: successor_of(view, summaries[memory_id]) for memory_id in sorted(summaries)}


def successor_of(view: View, summary: MemorySummary) -> Successor:
    """The end of a memory's line of successors: an active memory, or where the line breaks off."""
    reason = ""
    for _ in range(MOST_LINKS):
        if summary.status == "active":
            return Successor(summary.id, summary.title, summary.blob, reason)
        following = _next(view, summary)
        if following is None:
            break
        reason = f"superseded by '{following.title}'"
        summary = following
    end = _why_ended(view, summary)
    return Successor(None, summary.title, summary.blob, f"{reason}, {end}" if reason else end)


def _next(view: View, summary: MemorySummary) -> MemorySummary | None:
    """What superseded a memory, else what it was merged into; None where there is neither."""
    if summary.status == "withdrawn":
        return None
    successor = view.get(summary.superseded_by) if summary.superseded_by else None
    merged = () if successor else view.linking_to(summary.id, "merged_from")
    return successor or next(iter(sorted(merged, key=lambda one: (one.status != "active", one.id))), None)


def _why_ended(view: View, summary: MemorySummary) -> str:
    """Why a memory without a successor is not active, as its file says."""
    if summary.status == "superseded":
        return "superseded by a memory that is not in the store"
    if summary.status != "retired":
        return summary.status
    try:
        retired = parse_document(view.text(summary)).front().get("retired")
    except DocumentError:
        retired = None
    reason = retired.get("reason") if isinstance(retired, dict) else None
    return f"retired: {reason}" if isinstance(reason, str) and reason else "retired"
