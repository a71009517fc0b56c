"""Who stands for a memory in a store: itself, or what superseded it or was united from it."""

from __future__ import annotations

from collections.abc import Iterable

from memcli.core.dream.recall_comparison import Successor
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.summary import MemorySummary
from memcli.index.database.view import View

MOST_LINKS = 20
"""So far a line of heirs is followed: a store of somebody else's may hold a circle."""
_AT_ONCE = 500


def successors_of(view: View, ids: Iterable[str]) -> dict[str, Successor]:
    """How each of these memories stands in a view, by id; those that are not there are left out."""
    wanted, records = sorted(set(ids)), dict[str, MemorySummary]()
    for start in range(0, len(wanted), _AT_ONCE):
        records |= view.by_ids(wanted[start : start + _AT_ONCE])
    return {memory_id: successor_of(view, records[memory_id]) for memory_id in sorted(records)}


def successor_of(view: View, record: MemorySummary) -> Successor:
    """How a memory stands: the line of its heirs is followed to an active one, or to where it ends."""
    reason = ""
    for _ in range(MOST_LINKS):
        if record.status == "active":
            return Successor(record.id, record.title, record.blob, reason)
        heir = _heir(view, record)
        if heir is None:
            break
        reason = f"superseded by '{heir.title}'"
        record = heir
    return Successor(
        None, record.title, record.blob, f"{reason}, {_end(view, record)}" if reason else _end(view, record)
    )


def _heir(view: View, record: MemorySummary) -> MemorySummary | None:
    """What stands in a memory's place, if anything: what superseded it, else what it was united into."""
    if record.status == "withdrawn":
        return None
    named = view.get(record.superseded_by) if record.superseded_by else None
    united = () if named else view.linking_to(record.id, "merged_from")
    return named or next(iter(sorted(united, key=lambda one: (one.status != "active", one.id))), None)


def _end(view: View, record: MemorySummary) -> str:
    """Why nothing stands for a memory: what its file says."""
    if record.status != "retired":
        return "superseded by nothing that is here" if record.status == "superseded" else record.status
    try:
        said = parse_document(view.text(record)).front().get("retired")
    except DocumentError:
        said = None
    reason = said.get("reason") if isinstance(said, dict) else None
    return f"retired: {reason}" if isinstance(reason, str) and reason else "retired"
