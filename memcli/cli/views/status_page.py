"""The result of `mem status`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import quantity

if TYPE_CHECKING:
    from memcli.operations.status.status import Status


def show_status(call: Call, status: Status) -> None:
    """Print the state of the store, the session, the queue and the index."""
    index = {"tree": status.index.indexed, "behind": status.index.behind, "embedder": status.index.embedder}
    data = {
        "branch": status.branch, "tip": status.tip, "session": status.session, "candidates": status.candidates,
        "queued": status.queued, "failed": [{"op": op, "reason": reason} for op, reason in status.failed],
        "unreadable": [{"op": name, "reason": reason} for name, reason in status.unreadable],
        "index": index, "dream": {"watermark": status.dream.watermark or None, "last": status.dream.at},
        "drafts": status.drafts,
        "conflicts": status.conflicts, "attention": status.attention, "memories": status.memories,
        "waiting": [{"session": name, "candidates": count} for name, count in status.waiting],
    }  # fmt: skip
    emit(call, "status", data, lambda: printable("\n".join(_status_lines(status))))


def _status_lines(status: Status) -> Iterator[str]:
    yield f"{status.branch} at {status.tip[:10]}: {quantity(status.memories, 'active memory', 'active memories')}"
    own = f"{status.session} ({quantity(status.candidates, 'candidate')})" if status.session else "none"
    yield f"session: {own}"
    for name, count in status.waiting:
        if name != status.session:
            yield f"awaiting review: {name} ({quantity(count, 'candidate')})"
    if status.queued:
        yield f"queued: {quantity(status.queued, 'operation')}; the next write carries them out"
    yield from (f"waiting: {name} cannot be read now: {reason}" for name, reason in status.unreadable)
    yield from (f"failed: {op}: {reason}" for op, reason in status.failed)
    if status.failed:
        yield "run 'mem doctor --repair' to try the failed ones again"
    if status.drafts:
        yield f"drafts: {status.drafts} ('mem add --draft' lists them)"
    if status.questions:
        yield f"open questions: {status.questions} ('mem resolve' lists them)"
    yield f"index: {index_state(status.index.behind)}"


def index_state(behind: int | None) -> str:
    """How far the index is behind the store, in words."""
    if behind is None:
        return "not built yet"
    return f"{quantity(behind, 'file')} behind" if behind else "up to date"
