"""A repository in which two agents have proposed something, for the tests of the interface."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.conftest import Mem, Repo

LEDGER = "The ledger books webhooks in order of arrival."
QUEUE = "Failed webhooks wait in the retry queue for seven attempts."
TOKENS = "Access tokens live for 15 minutes."
HOSTILE = "Title with [bold]markup[/bold] and [@click=app.exit]a link[/]"


def proposed(mem: Mem, agent: str, session: str, *memories: Mapping[str, object]) -> None:
    """Candidates of an agent in a session of its own."""
    mem("--agent", agent, "session", "start", session)
    lines = "\n".join(map(json.dumps, memories))
    done = mem("--agent", agent, "--session", session, "add", "--batch", "-", input=lines)
    assert done.code == 0, done.err


@pytest.fixture
def inbox(repo: Repo, mem: Mem) -> Repo:
    """A store with one memory, two sound candidates of an agent, and two of another: one contradicts the store."""
    assert mem("init").code == 0
    assert mem("add", TOKENS, "--topic", "auth", "--key", "auth.ttl", "--promote").code == 0
    proposed(mem, "codex", "work", {"body": LEDGER, "topic": "payments"}, {"body": QUEUE, "topic": "payments"})
    contradiction = {"body": "Access tokens live for 60 minutes.", "topic": "auth", "key": "auth.ttl"}
    proposed(mem, "gemini", "tokens", contradiction, {"body": f"{HOSTILE} is shown as it is.", "topic": "ui"})
    return repo
