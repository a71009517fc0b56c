"""The state of the store as lines, as `mem` and `mem status` both print them."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.cli.views.quantities import quantity
from memcli.operations.status.store_state import StoreState


def store_line(state: StoreState) -> str:
    """The branch and how much it holds."""
    return f"{state.branch} at {state.tip[:10]}: {quantity(state.memories, 'active memory', 'active memories')}"


def unrecorded_lines(state: StoreState) -> Iterator[str]:
    """What is not recorded yet: queued, unreadable and failed writes, and drafts; nothing where all is."""
    if state.queued:
        yield f"queued: {quantity(state.queued, 'operation')}; the next write carries them out"
    yield from (f"waiting: {name} cannot be read now: {reason}" for name, reason in state.unreadable)
    yield from (f"failed: {op}: {reason}" for op, reason in state.failed)
    if state.failed:
        yield "run 'mem doctor --repair' to try the failed ones again"
    if state.drafts:
        yield f"drafts: {state.drafts} ('mem add --draft' lists them)"
