"""Two agents at once do not get into each other's way; `python -m tests.harness.soak` repeats this."""

from __future__ import annotations

import pytest

from tests.harness.pairs import play_pair, prepare_pairs
from tests.harness.room import Room


@pytest.mark.parametrize("two_worktrees", [False, True], ids=["one checkout", "two worktrees"])
def test_each_agent_writes_into_its_own_session(room: Room, two_worktrees: bool) -> None:
    prepare_pairs(room)
    outcome = play_pair(room, "pair", two_worktrees)
    assert outcome.is_right, outcome
