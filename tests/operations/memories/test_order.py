"""Ids sort in the order of writing: two memories of one second, and of one batch, stand so on their timeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from memcli.core.memory.summary import Filters
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.list import list_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace

Open = Callable[..., Workspace]
BATCH = [{"body": f"The limit is {number}", "key": "limit"} for number in range(40)]


def newest(workspace: Workspace) -> str:
    return next(one.title for one in list_memories(workspace, Filters(keys=("limit",))).memories)


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("once", [None, "a-key"])
def test_a_batch_keeps_its_order(
    workspace: Open, monkeypatch: pytest.MonkeyPatch, fixed: bool, once: str | None
) -> None:
    if fixed:
        monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-01T10:00:00Z")
    init(workspace())
    added = add_memories(workspace(), BATCH, once)
    ids = [one.id for one in added]
    assert ids == sorted(ids) and _differ_at_the_end(ids)
    promote(workspace(), PromoteRequest(added[0].session, consent=True))
    assert newest(workspace()) == "The limit is 39"


def _differ_at_the_end(ids: Sequence[str]) -> bool:
    """Short forms must not be told apart by their last letter alone."""
    return len({one[-6:-1] for one in ids}) == len(ids)


def test_calls_of_one_second_keep_their_order(workspace: Open) -> None:
    init(workspace())
    added = [add_memories(workspace(), [draft])[0] for draft in BATCH[:4]]
    ids = [one.id for one in added]
    assert ids == sorted(ids)
    promote(workspace(), PromoteRequest(added[0].session, consent=True))
    assert newest(workspace()) == "The limit is 3"


def test_the_same_call_in_another_session_goes_on_counting(workspace: Open) -> None:
    here = workspace()
    made = [one.clock.new_memory_id() for one in (here, here.in_session("other"), here, here.in_session("other"))]
    assert made == sorted(set(made))
