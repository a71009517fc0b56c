"""What the index remembers of sessions: the same as git says, and nothing once it has moved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.core.review.candidate_selection import ALL
from memcli.index.storage.session_cache import SessionFact
from memcli.operations.inbox.inbox import read_inbox
from memcli.operations.inbox.review_page import waiting_page
from memcli.operations.memories.add import add_memories
from memcli.operations.review.reject import reject
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo

Open = Callable[..., Workspace]


@pytest.fixture
def proposed(workspace: Open) -> Open:
    """Two sessions of agents with a contradiction between them."""
    init(workspace())
    for name, count in (("one", 5), ("two", 9)):
        start_session(workspace(agent="codex"), name, task=f"the task of {name}")
        add_memories(workspace(agent="codex", session=name), [{"body": f"It is retried at most {count} times."}])
    return workspace


def test_what_is_remembered_is_what_git_says(proposed: Open) -> None:
    first, second = read_inbox(proposed()), read_inbox(proposed())
    assert first == second and len(first.sessions) == 2


def test_findings_are_remembered_until_something_moves(proposed: Open, repo: Repo) -> None:
    waiting_page(proposed(), ALL)
    assert [session.candidates[0].findings for session in read_inbox(proposed()).sessions] == [("contradiction",)] * 2
    repo.commit("code moves")
    assert not any(session.is_checked for session in read_inbox(proposed()).sessions)


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"name": 7}', "null"])
def test_a_damaged_memory_is_read_again(proposed: Open, data: str) -> None:
    inbox, index = read_inbox(proposed()), proposed().index
    damaged = [SessionFact(fact.session, fact.what, fact.stamp, data) for fact in index.session_facts()]
    index.cache_session_facts(damaged, ["one", "two"])
    assert read_inbox(proposed()) == inbox


def test_sessions_that_have_ended_are_forgotten(proposed: Open) -> None:
    read_inbox(proposed())
    reject(proposed(), "one", [], "not wanted")
    add_memories(proposed(agent="codex", session="two"), [{"body": "Something else is true."}])
    read_inbox(proposed())
    assert {fact.session for fact in proposed().index.session_facts()} == {"two"}
