"""Copilot: a hook file of our own; its answers have one flat field."""

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
    assert ADAPTER.edited_path({"tool_name": "Read", "tool_input": {"path": "src/app.py"}}) == "src/app.py"
    assert ADAPTER.subagent_id({"session_id": "p2", "agent_id": "p2", "parent_agent_id": "p1"}) == "p2"
    assert ADAPTER.working_directory({"session_id": "p1", "cwd": "/code"}) == "/code"


def test_answers() -> None:
    for event in ("session-start", "prompt", "mention", "pre-edit", "subagent-start"):
        assert ADAPTER.answer(event, "known") == {"additionalContext": "known"}
    assert ADAPTER.answer("stop", "known") == {}


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    document = json.loads(installed_hooks(workspace(), repo.path, "copilot", ".github/hooks/memcli.json"))
    assert document["version"] == 1
    assert list(document["hooks"]) == ["SessionStart", "UserPromptSubmit", "PostToolUse", "SubagentStart", "PreCompact",
                                       "Stop", "SubagentStop", "SessionEnd"]  # fmt: skip
    assert (
        document["hooks"]["PostToolUse"][0]["matcher"] == "view|Read" and "matcher" not in document["hooks"]["Stop"][0]
    )
    [handler] = document["hooks"]["Stop"]
    assert handler["powershell"] == "mem hook copilot stop" and handler["bash"].endswith("; mem hook copilot stop")
    assert handler["timeoutSec"] == 10


def test_its_instructions_stay_as_they_are(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    install(workspace(), HookRequest(agents=("copilot",)))
    assert not (repo.path / ".github/copilot-instructions.md").exists(), "hooks give it the text"


def test_variables() -> None:
    assert caller({"COPILOT_CLI": "1", "COPILOT_AGENT_SESSION_ID": "p1"}) == ("copilot", "p1")
