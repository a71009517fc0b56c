"""Copilot: a hook file of our own; instructions say what its hooks cannot pass on."""

from __future__ import annotations

import json
from collections.abc import Callable

from memcli.agents.copilot import ADAPTER
from memcli.agents.registry import caller
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.agents.round_trip import installed_hooks
from tests.conftest import Repo


def test_payloads() -> None:
    assert ADAPTER.session_id({"session_id": "p1", "cwd": "/code"}) == "p1"
    assert ADAPTER.session_id({"sessionId": "p1"}) == "p1"
    assert ADAPTER.working_directory({"session_id": "p1", "cwd": "/code"}) == "/code"


def test_answers() -> None:
    assert ADAPTER.answer("session-start", "known") == {}


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    document = json.loads(installed_hooks(workspace(), repo.path, "copilot", ".github/hooks/memcli.json"))
    assert document["version"] == 1
    assert list(document["hooks"]) == ["SessionStart", "PreCompact", "Stop", "SubagentStop", "SessionEnd"]
    [handler] = document["hooks"]["Stop"]
    assert handler["powershell"] == "mem hook copilot stop" and handler["bash"].endswith("; mem hook copilot stop")
    assert handler["timeoutSec"] == 10


def test_instructions_go_with_the_hooks_of_a_project(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    install(workspace(), HookRequest(agents=("copilot",)))
    assert "`mem hydrate`" in (repo.path / ".github/copilot-instructions.md").read_text()


def test_variables() -> None:
    assert caller({"COPILOT_CLI": "1", "COPILOT_AGENT_SESSION_ID": "p1"}) == ("copilot", "p1")
