"""Codex CLI: Claude Code's shapes, nothing else in the file, and approval by a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.agents.codex import ADAPTER
from memcli.agents.registry import caller
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.agents.round_trip import hook_table, installed_hooks
from tests.conftest import Repo

STOP = {"session_id": "0199", "turn_id": "3", "cwd": "/code", "transcript_path": None, "hook_event_name": "Stop"}


def test_payloads() -> None:
    assert (ADAPTER.session_id(STOP), ADAPTER.working_directory(STOP)) == ("0199", "/code")


def test_answers() -> None:
    output = {"hookEventName": "UserPromptSubmit", "additionalContext": "known"}
    assert ADAPTER.answer("prompt", "known") == {"hookSpecificOutput": output}
    assert ADAPTER.answer("stop", "known") == {}


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    text = installed_hooks(workspace(), repo.path, "codex", ".codex/hooks.json")
    assert json.loads(text).keys() == {"hooks"} and "async" not in text
    table = hook_table(text)
    assert list(table) == ["SessionStart", "UserPromptSubmit", "PreCompact", "PostCompact", "Stop", "SubagentStop",
                           "SessionEnd"]  # fmt: skip
    assert table["SessionEnd"][0]["hooks"][0]["timeout"] == 3, "Codex allows no more"


def test_its_own_directory_may_be_elsewhere(
    workspace: Callable[..., Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "elsewhere"))
    result = install(workspace(), HookRequest(agents=("codex",), scope="user"))
    assert [change.file for change in result.changes] == [str(tmp_path / "elsewhere/hooks.json")]


def test_installing_says_that_a_person_has_to_approve(workspace: Callable[..., Workspace]) -> None:
    assert install(workspace(), HookRequest(agents=("codex",))).remarks[:1] == (ADAPTER.approval,)
    assert "'/hooks'" in ADAPTER.approval


@pytest.mark.parametrize("variable", ["CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED"])
def test_variables(variable: str) -> None:
    assert caller({"CODEX_THREAD_ID": "0199"}) == ("codex", "0199")
    assert caller({variable: "1"}) == ("codex", None)
