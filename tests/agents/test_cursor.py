"""Cursor: flat lists of handlers, a version, and a rule file for its cloud agents."""

from __future__ import annotations

import json
from collections.abc import Callable

from memcli.agents.cursor import ADAPTER
from memcli.agents.registry import caller
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.agents.round_trip import installed_hooks
from tests.conftest import Repo

STOP = {"conversation_id": "c1", "workspace_roots": ["/code", "/other"], "hook_event_name": "stop"}


def test_payloads() -> None:
    assert (ADAPTER.session_id(STOP), ADAPTER.working_directory(STOP)) == ("c1", "/code")
    assert ADAPTER.session_id({**STOP, "session_id": "s1"}) == "s1"
    assert ADAPTER.working_directory({**STOP, "workspace_roots": []}) == ""


def test_answers() -> None:
    assert ADAPTER.answer("session-start", "known") == {"additional_context": "known"}
    assert ADAPTER.answer("prompt", "known") == {}


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    document = json.loads(installed_hooks(workspace(), repo.path, "cursor", ".cursor/hooks.json"))
    assert document["version"] == 1
    assert list(document["hooks"]) == ["sessionStart", "preCompact", "stop", "subagentStop", "sessionEnd"]
    [handler] = document["hooks"]["stop"]
    assert handler.keys() == {"command", "timeout"} and handler["timeout"] == 10


def test_a_rule_goes_with_the_hooks_of_a_project(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    install(workspace(), HookRequest(agents=("cursor",)))
    assert "alwaysApply: true" in (repo.path / ".cursor/rules/memory.mdc").read_text()


def test_variables() -> None:
    assert caller({"CURSOR_AGENT": "1", "CURSOR_CONVERSATION_ID": "c1"}) == ("cursor", "c1")
