"""Claude Code: nested hooks in a settings file, text at session start, prompt and edit; Cursor calls its hooks too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.agents.claude import ADAPTER
from memcli.agents.registry import caller
from memcli.operations.hooks.install import HookRequest, install
from memcli.workspace import Workspace
from tests.agents.round_trip import hook_table, installed_hooks
from tests.conftest import Repo

START = {"session_id": "5f2c", "transcript_path": "/t.jsonl", "cwd": "/code", "hook_event_name": "SessionStart",
         "source": "resume"}  # fmt: skip
EDIT = {**START, "tool_name": "Edit", "tool_input": {"file_path": "/code/app.py", "old_string": "a"}}
FROM_CURSOR = {"conversation_id": "9a", "workspace_roots": ["/code"], "cursor_version": "2.0"}


def test_payloads() -> None:
    assert (ADAPTER.session_id(START), ADAPTER.working_directory(START)) == ("5f2c", "/code")
    assert ADAPTER.start_source(START) == "resume"
    assert ADAPTER.edited_path(EDIT) == "/code/app.py"
    assert ADAPTER.edited_path({**EDIT, "tool_input": {"notebook_path": "/code/a.ipynb"}}) == "/code/a.ipynb"
    assert ADAPTER.prompt({**START, "prompt": "why 7?"}) == "why 7?"
    task = {
        **START,
        "tool_name": "Agent",
        "tool_input": {"prompt": "look at app.py", "subagent_type": "general-purpose"},
    }
    assert ADAPTER.delegated_task(task) == "look at app.py"
    assert (ADAPTER.subagent_id({**EDIT, "agent_id": "a1"}), ADAPTER.subagent_id(EDIT)) == ("a1", "")


def test_payloads_that_cursor_sends_to_these_hooks() -> None:
    assert (ADAPTER.session_id(FROM_CURSOR), ADAPTER.working_directory(FROM_CURSOR)) == ("9a", "/code")
    assert ("cursor", "CURSOR_VERSION", "cursor_version") in ADAPTER.second_callers and "cursor_version" in FROM_CURSOR


def test_answers() -> None:
    names = {"session-start": "SessionStart", "prompt": "UserPromptSubmit", "mention": "UserPromptSubmit",
             "pre-edit": "PreToolUse", "subagent-start": "SubagentStart"}  # fmt: skip
    for event, name in names.items():
        output = {"hookEventName": name, "additionalContext": "known"}
        assert ADAPTER.answer(event, "known") == {"hookSpecificOutput": output}
    assert ADAPTER.answer("session-start", "") == ADAPTER.answer("stop", "known") == {}


def test_hook_file(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    table = hook_table(installed_hooks(workspace(), repo.path, "claude", ".claude/settings.local.json", "local"))
    assert list(table) == ["SessionStart", "UserPromptSubmit", "PreToolUse", "SubagentStart", "PreCompact",
                           "PostCompact", "Stop", "SubagentStop", "SessionEnd"]  # fmt: skip
    [start] = table["SessionStart"]
    assert "matcher" not in start, "with one it never fires in VS Code"
    [handler] = start["hooks"]
    assert handler["command"].endswith("mem hook claude session-start") and handler["timeout"] == 10
    edit, delegate = table["PreToolUse"]
    assert edit["matcher"] == "Read|Edit|MultiEdit|Write|NotebookEdit", "the constraint comes with the read, in time"
    assert delegate["matcher"] == "Task|Agent"
    assert table["SessionEnd"][0]["hooks"][0]["timeout"] == 5


@pytest.mark.parametrize("recall", [False, True])
def test_one_hook_at_a_prompt(workspace: Callable[..., Workspace], repo: Repo, recall: bool) -> None:
    install(workspace(), HookRequest(agents=("claude",), recall=recall))
    assert install(workspace(), HookRequest(agents=("claude",))).changes[0].action == "unchanged"
    table = hook_table((repo.path / ".claude/settings.local.json").read_text())
    [group] = table["UserPromptSubmit"]
    assert group["hooks"][0]["command"].endswith("hook claude prompt" if recall else "hook claude mention")


def test_shared_hooks_are_silent_without_mem(repo: Repo, workspace: Callable[..., Workspace]) -> None:
    table = hook_table(installed_hooks(workspace(), repo.path, "claude", ".claude/settings.json"))
    command = table["Stop"][0]["hooks"][0]["command"]
    assert command.startswith("command -v mem ") and command.endswith("; mem hook claude stop")


def test_variables() -> None:
    environ = {"CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": "5f2c"}
    assert caller(environ) == ("claude-code", "5f2c")
    assert caller({"CLAUDE_CODE_SESSION_ID": "5f2c"}) == (None, None)
    assert ADAPTER.export_variable == "CLAUDE_ENV_FILE"


def test_the_directory_of_its_notes_about_a_project() -> None:
    assert ADAPTER.notes_about("/home/ada/my.shop_2") == "{own}/projects/-home-ada-my-shop-2/memory"
