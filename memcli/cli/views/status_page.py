"""The result of `mem status`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import quantity
from memcli.cli.views.store_lines import store_line, unrecorded_lines

if TYPE_CHECKING:
    from memcli.operations.status.status import Status


def show_status(call: Call, status: Status) -> None:
    """Print the state of the store, the session, the queue and the index."""
    state = status.state
    index = {"tree": status.index.indexed, "behind": status.index.behind, "embedder": status.index.embedder}
    data = {
        "branch": state.branch, "tip": state.tip, "session": state.session, "candidates": status.candidates,
        "queued": state.queued, "failed": [{"op": op, "reason": reason} for op, reason in state.failed],
        "unreadable": [{"op": name, "reason": reason} for name, reason in state.unreadable],
        "index": index, "dream": {"watermark": status.dream.watermark or None, "last": status.dream.at},
        "drafts": state.drafts,
        "conflicts": state.conflicts, "attention": state.attention, "memories": state.memories,
        "waiting": [{"session": name, "candidates": count} for name, count in status.waiting],
    }  # fmt: skip
    emit(call, "status", data, lambda: printable("\n".join(_status_lines(status))))


def _status_lines(status: Status) -> Iterator[str]:
    state = status.state
    yield store_line(state)
    own = f"{state.session} ({quantity(status.candidates, 'candidate')})" if state.session else "none"
    yield f"session: {own}"
    for name, count in status.waiting:
        if name != state.session:
            yield f"awaiting review: {name} ({quantity(count, 'candidate')})"
    yield from unrecorded_lines(state)
    if state.asking:
        yield f"open questions: {state.asking} ('mem resolve' lists them)"
    yield f"index: {index_state(status.index.behind)}"


def index_state(behind: int | None) -> str:
    """How far the index is behind the store, in words."""
    if behind is None:
        return "not built yet"
    return f"{quantity(behind, 'file')} behind" if behind else "up to date"
