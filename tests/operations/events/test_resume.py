"""What a session is told when it starts, returns and was compacted: all, what changed since, and all again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.operations.harness import Harness


@pytest.fixture
def agent(repo: Repo, mem: Mem) -> Iterator[Harness]:
    repo.write("src/app.py", "RETRIES = 7\n")
    mem("init")
    for words in (
        ("Deploys happen on Tuesdays.", "--pin"),
        ("Webhooks are retried at most 7 times.",),
        ("The ledger locks rows.",),
        ("Never lower RETRIES below 7.", "--path", "src/app.py", "--type", "constraint"),
    ):
        assert mem("add", *words, "--promote").code == 0
    harness = Harness.begin(repo.path, "s-1")
    yield harness
    harness.kill()


def test_a_session_that_returns_is_told_what_changed(agent: Harness, mem: Mem) -> None:
    ids = {memory["title"]: memory["id"] for memory in mem("list", "--json").json()["memories"]}
    first = agent.start()
    assert "Deploys happen" in first and "Waiting" not in first
    same = agent.start("resume")
    assert "Nothing has changed" in same and "Deploys happen" not in same and "This memory session is" in same

    mem("add", "Invoices are numbered by the ledger.", "--promote")
    (retried,) = (value for title, value in ids.items() if "retried" in title)
    (ledger,) = (value for title, value in ids.items() if "locks" in title)
    mem("edit", retried, "--body", "Webhooks are retried at most 9 times.")
    mem("retire", ledger, "--reason", "it no longer does")
    done = mem("promote", "--yes")
    assert done.code == 0, done.err
    changed = agent.hook("session-start", source="fork")["hookSpecificOutput"]["additionalContext"]
    assert "; new) Invoices are numbered" in changed and "; changed) " in changed and "9 times" in changed
    assert "; retired) The ledger locks" in changed and "Deploys happen" not in changed
    agent.leave()
    assert mem("hook", "worker").code == 0
    returned = Harness.begin(agent.place, agent.session)
    after_end = returned.start("resume")
    returned.kill()
    assert "Nothing has changed" in after_end and "Deploys happen" not in after_end, "its session has ended meanwhile"


def test_after_a_compaction_all_is_told_again(agent: Harness, repo: Repo) -> None:
    edit = {"tool_input": {"file_path": str(Path(repo.path, "src/app.py"))}}
    agent.start()
    assert "Never lower" in json.dumps(agent.hook("pre-edit", **edit)) and agent.hook("pre-edit", **edit) == {}
    assert "Deploys happen" in agent.start("compact")
    assert "Never lower" in json.dumps(agent.hook("pre-edit", **edit))


def test_a_start_says_what_waits(agent: Harness, mem: Mem) -> None:
    mem("session", "start", "other")
    mem("add", "The queue keeps what fails.", "--session", "other")
    first = agent.start()
    assert "Waiting for a person: 1 candidate." in first.splitlines()[1] and len(first) <= 9_000
