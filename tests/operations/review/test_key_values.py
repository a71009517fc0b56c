"""One key, two values: whoever reviews either is told of the other, in the store and in every open session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from memcli.operations.memories.add import add_memories
from memcli.operations.memories.supersede import supersede_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.review import review_session
from memcli.operations.setup.init import init
from memcli.workspace import Workspace

Open = Callable[..., Workspace]
LOVE, HATE = {"body": "I love X.", "key": "taste.x"}, {"body": "I hate X.", "key": "taste.x"}


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def _add(here: Workspace, **values: Any) -> str:
    return add_memories(here, [values])[0].id


def _told(here: Workspace, session: str) -> list[tuple[str, str]]:
    """(severity, message) of what the review says about values of a key."""
    findings = review_session(here, session).findings
    return [(each.severity, each.message) for each in findings if each.check in ("contradiction", "key-conflict")]


def test_two_sessions_are_told_of_each_other(workspace: Open) -> None:
    _add(workspace(session="one", agent="codex"), **LOVE)
    _add(workspace(session="two"), **HATE)
    for mine, other, text in (("one", "two", "I hate X."), ("two", "one", "I love X.")):
        ((severity, message),) = _told(workspace(), mine)
        assert severity == "warn" and f"session {other}" in message and text in message


def test_sessions_beyond_the_ones_that_are_compared_by_words_are_found_by_key(workspace: Open) -> None:
    _add(workspace(session="one"), **LOVE)
    many = [{"body": f"Note {number} about {number * 7}."} for number in range(201)]
    add_memories(workspace(session="later"), many)
    _add(workspace(session="two"), **HATE)
    assert [severity for severity, _ in _told(workspace(), "two")] == ["warn"]


def test_a_value_that_replaces_the_stores_is_told_whichever_was_written_first(workspace: Open) -> None:
    _add(workspace(session="one"), **LOVE)
    _add(workspace(session="two"), **HATE)
    promote(workspace(), PromoteRequest("one", consent=True))
    ((severity, message),) = _told(workspace(), "two")
    assert severity == "warn" and "I love X." in message
    assert review_session(workspace(), "two").verdict == "person"
    promote(workspace(), PromoteRequest("two", consent=True))
    _add(workspace(session="three"), **LOVE)
    told = [message for _, message in _told(workspace(), "three")]  # from one second on, it is another start
    assert any("I hate X" in message for message in told)


def test_two_values_in_one_session_are_told_once(workspace: Open) -> None:
    here = workspace(session="one")
    _add(here, **LOVE)
    _add(here, **HATE)
    assert [severity for severity, _ in _told(workspace(), "one")] == ["warn"]


def test_a_dated_succession_is_only_mentioned(workspace: Open) -> None:
    values = [(f"Alex works on {team}.", f"202{year}-01-01") for year, team in enumerate(("Ads", "Search", "Maps"))]
    for body, start in values:
        _add(workspace(session="one"), body=body, key="alex.team", valid_from=start)
    assert _told(workspace(), "one") == []
    promote(workspace(), PromoteRequest("one"))
    _add(workspace(session="two"), body="Alex works on Mail.", key="alex.team", valid_from="2024-01-01")
    ((severity, message),) = _told(workspace(), "two")
    assert severity == "info" and "replaces: Alex works on Maps." in message
    assert promote(workspace(), PromoteRequest("two")).ended


def test_superseding_by_name_is_no_surprise(workspace: Open) -> None:
    old = _add(workspace(session="one"), **LOVE)
    promote(workspace(), PromoteRequest("one"))
    supersede_memory(workspace(session="two"), old, {"body": "I hate X."})
    assert _told(workspace(), "two") == []
